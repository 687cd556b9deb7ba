/* Room brief: words for days, levels, acts and numbers. */
#include "private.h"

#include <ctype.h>
#include <stdarg.h>

const char *brief_words(struct brief_writer *w, const char *fmt, ...)
{
	va_list args, again;
	char *text = NULL;

	va_start(args, fmt);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, fmt, args);
	if (length >= 0)
		text = truce_arena_take(w->arena, (size_t)length + 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, fmt, again);
	else
		w->status = TRUCE_MEMORY;
	va_end(again);
	va_end(args);
	return text ? text : "";
}

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December"};

const char *brief_day(struct brief_writer *w, truce_date day, bool whole)
{
	int y, m, d;
	if (day == TRUCE_NO_DATE)
		return "";
	truce_date_split(day, &y, &m, &d);
	return whole ? brief_words(w, "%d %s %d", d, months[m - 1], y) : brief_words(w, "%d %.3s %d", d, months[m - 1], y);
}

const char *brief_until(struct brief_writer *w, truce_instant until, const char *party, bool whole)
{
	const truce_zone *zone = party ? truce_record_zone(w->record, party) : NULL;
	truce_date day = truce_instant_day(zone, until);
	truce_instant into = until - truce_day_start(zone, day);

	if (until == TRUCE_NEVER || until == TRUCE_EVER)
		return "";
	if (into < 60)
		return brief_words(w, whole ? "the end of %s" : "end of %s", brief_day(w, day - 1, whole));
	return brief_words(w, "%s, %02d:%02d", brief_day(w, day, whole), (int)(into / 3600), (int)(into / 60 % 60));
}

static const char *number(struct brief_writer *w, const truce_yaml_number *value)
{
	return value->text ? value->text : brief_words(w, "%g", value->value);
}

static const char *unit_word(const char *unit)
{
	if (!unit)
		return "";
	if (strcmp(unit, "pct") == 0)
		return "\u00a0%";
	return NULL;
}

const char *brief_level(struct brief_writer *w, const truce_level *level, const truce_act *act)
{
	if (!level) {
		const char *word = act ? truce_instrument_word(act->instrument) : "";
		char *copy = truce_arena_text(w->arena, word);
		for (char *p = copy; p && *p; p++)
			if (*p == '_')
				*p = ' ';
		if (!copy)
			w->status = TRUCE_MEMORY;
		return copy ? copy : "";
	}
	const truce_yaml_number *value = level->add.set ? &level->add : level->to.set ? &level->to : &level->floor;
	if (!value->set) {
		if (level->expression)
			return level->expression;
		if (level->low.set && level->high.set)
			return brief_words(w, "%s to %s %s", number(w, &level->low), number(w, &level->high), level->unit ? level->unit : "");
		return brief_level(w, NULL, act);
	}
	const char *unit = unit_word(level->unit);
	return brief_words(w, "%s%s%s%s%s%s%s", level->at_most ? "at most " : level->at_least ? "at least " : "",
		level->add.set && value->value >= 0 ? "+" : "", number(w, value), unit ? unit : "\u00a0", unit ? "" : level->unit,
		level->per ? " a " : "", level->per ? level->per : "");
}

/* The record's own words; its machine units and statuses made a reader's. */
const char *brief_tidy(struct brief_writer *w, truce_text *text)
{
	char *copy = NULL;
	if (truce_text_done(text) == TRUCE_OK)
		copy = truce_arena_text(w->arena, text->data ? text->data : "");
	truce_text_free(text);
	if (!copy) {
		w->status = TRUCE_MEMORY;
		return "";
	}
	for (char *p = copy; (p = strstr(p, " pct")); p++)
		if (!isalnum((unsigned char)p[4])) {
			p[1] = '%';
			memmove(p + 2, p + 4, strlen(p + 4) + 1);
		}
	for (char *p = copy; *p; p++)
		if (*p == '_' && p > copy && isalpha((unsigned char)p[-1]) && isalpha((unsigned char)p[1]))
			*p = ' ';
	return copy;
}

/* "the" where English wants it before the name of a country or a union of them. */
static bool takes_article(const char *name)
{
	static const char *const begins[] = {"United ", "Republic ", "Kingdom ", "Union "};
	static const char *const ends[] = {" Union", " Republic", " Kingdom", " Federation", " States", " Emirates", " Islands", "lands"};
	size_t length = strlen(name);
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (length > strlen(ends[i]) && strcmp(name + length - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

const char *brief_party(struct brief_writer *w, const char *id)
{
	if (!id)
		return "someone";
	if (strcmp(id, "all") == 0)
		return "all others";
	const truce_party *party = truce_record_find_known(w->record, TRUCE_PARTY, id, w->known);
	const truce_country *country = party ? NULL : truce_country_find(id);
	const char *name = party ? brief_name(&party->head) : country ? country->name : id;
	return takes_article(name) ? brief_words(w, "the %s", name) : name;
}

/* An id as words: "broad-cloth" to "broad cloth". */
static const char *unhyphen(struct brief_writer *w, const char *id)
{
	char *copy = truce_arena_text(w->arena, id);
	if (!copy) {
		w->status = TRUCE_MEMORY;
		return "";
	}
	for (char *p = copy; *p; p++)
		if (*p == '-' || *p == '_')
			*p = ' ';
	return copy;
}

static const char *good_name(struct brief_writer *w, const char *id)
{
	if (strcmp(id, "all") == 0)
		return "all goods";
	const truce_good *good = truce_record_find_known(w->record, TRUCE_GOOD, id, w->known);
	if (!good || !good->head.name)
		return strchr(id, ':') ? id : unhyphen(w, id);
	/* A name set with a capital loses it within a sentence, where the id shows that its first word is no proper name. */
	const char *name = good->head.name;
	size_t n = 1;
	while (isalpha((unsigned char)name[n]) && id[n] == name[n])
		n++;
	if (isupper((unsigned char)name[0]) && tolower((unsigned char)name[0]) == id[0] && !isalnum((unsigned char)name[n])
		&& !isalnum((unsigned char)id[n]))
		return brief_words(w, "%c%s", tolower((unsigned char)name[0]), name + 1);
	return name;
}

static const char *party_word(struct brief_writer *w, const char *id)
{
	return brief_party(w, id);
}

static const char *measure_name(struct brief_writer *w, const char *id)
{
	const truce_head *head = truce_record_find_known(w->record, TRUCE_ANY_KIND, id, w->known);
	const char *name = head && head->name ? head->name : id;
	return brief_words(w, "\u201c%s\u201d", name);
}

/* "a, b and c", at most four of them named. */
static const char *join(struct brief_writer *w, const truce_yaml_list *list, const char *(*word)(struct brief_writer *, const char *))
{
	const char *words = "";
	size_t shown = list->count > 4 ? 3 : list->count;
	for (size_t i = 0; i < shown; i++)
		words = brief_words(w, "%s%s%s", words, i == 0 ? "" : i + 1 == list->count ? " and " : ", ", word(w, TRUCE_LIST_TEXT(*list, i)));
	if (shown < list->count)
		words = brief_words(w, "%s and %zu more", words, list->count - shown);
	return words;
}

/* How a verb of the record is said, and how it takes its object and its counterpart. */
static const struct {
	truce_do action;
	const char *verb, *bare; /* "raises", "raise" */
	const char *toward;      /* before the counterpart */
} verbs[] = {{TRUCE_DO_IMPOSE, "imposes", "impose", "from"}, {TRUCE_DO_RAISE, "raises", "raise", "from"},
	{TRUCE_DO_LOWER, "lowers", "lower", "from"}, {TRUCE_DO_REMOVE, "removes", "remove", "from"},
	{TRUCE_DO_SUSPEND, "suspends", "suspend", "from"}, {TRUCE_DO_RESTORE, "restores", "restore", "from"},
	{TRUCE_DO_EXTEND, "extends", "extend", "with"}, {TRUCE_DO_EXEMPT, "exempts", "exempt", "from"},
	{TRUCE_DO_BAN, "bans", "ban", "to"}, {TRUCE_DO_RESTRICT, "restricts", "restrict", "to"},
	{TRUCE_DO_LICENSE, "licenses", "license", "to"}, {TRUCE_DO_ALLOW, "allows", "allow", "to"}, {TRUCE_DO_BUY, "buys", "buy", "from"},
	{TRUCE_DO_STOP_BUYING, "stops buying", "stop buying", "from"}, {TRUCE_DO_LIST, "lists", "list", "of"},
	{TRUCE_DO_DELIST, "takes off its lists", "take off its lists", "of"}, {TRUCE_DO_INVESTIGATE, "investigates", "investigate", "from"},
	{TRUCE_DO_CHARGE, "charges fees on", "charge fees on", "of"}, {TRUCE_DO_WITHHOLD, "withholds", "withhold", "from"},
	{TRUCE_DO_DELIVER, "delivers", "deliver", "to"}, {TRUCE_DO_COOPERATE, "cooperates on", "cooperate on", "with"},
	{TRUCE_DO_VISIT, "visits", "visit", ""}, {TRUCE_DO_MEET, "meets", "meet", ""}, {TRUCE_DO_REFRAIN, "refrains from", "refrain from", "against"}};

/* What the act is on: measures by name, or goods by the way they move. */
static const char *object_of(struct brief_writer *w, const truce_act *act)
{
	if (act->measures.count)
		return join(w, &act->measures, measure_name);
	const char *goods = act->goods.count ? join(w, &act->goods, good_name) : "";
	switch (act->instrument) {
	case TRUCE_INSTRUMENT_TARIFF: return brief_words(w, "%s on %s", act->action == TRUCE_DO_IMPOSE ? "a tariff" : "the tariff",
		*goods ? goods : "goods");
	case TRUCE_INSTRUMENT_EXPORT_TAX: return brief_words(w, "a tax on exports of %s", *goods ? goods : "goods");
	case TRUCE_INSTRUMENT_EXPORT_BAN:
	case TRUCE_INSTRUMENT_EXPORT_LICENCE: return brief_words(w, "exports of %s", *goods ? goods : "goods");
	case TRUCE_INSTRUMENT_IMPORT_BAN:
	case TRUCE_INSTRUMENT_IMPORT_LICENCE:
	case TRUCE_INSTRUMENT_QUOTA: return brief_words(w, "imports of %s", *goods ? goods : "goods");
	case TRUCE_INSTRUMENT_ENTITY_LIST: return "firms";
	case TRUCE_INSTRUMENT_PURCHASE:
	case TRUCE_INSTRUMENT_DELIVERY: return *goods ? goods : "goods";
	case TRUCE_INSTRUMENT_DIPLOMACY: return "";
	default: return *goods ? goods : unhyphen(w, truce_instrument_word(act->instrument));
	}
}

static bool imports(const truce_act *act)
{
	return act->instrument == TRUCE_INSTRUMENT_IMPORT_BAN || act->instrument == TRUCE_INSTRUMENT_IMPORT_LICENCE
		|| act->instrument == TRUCE_INSTRUMENT_QUOTA;
}

const char *brief_act(struct brief_writer *w, const truce_act *act, bool bare)
{
	const char *verb = bare ? "act on" : "acts on", *toward = "against";
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if ((int)verbs[i].action == act->action) {
			verb = bare ? verbs[i].bare : verbs[i].verb;
			toward = imports(act) ? "from" : verbs[i].toward;
		}
	const char *object = object_of(w, act);
	const char *to = act->against.count && !act->measures.count ? join(w, &act->against, party_word) : "";
	const char *text = brief_words(w, "%s%s%s%s%s%s%s%s", bare ? "" : brief_party(w, act->by), bare ? "" : " ", verb, *object ? " " : "",
		object, *to && *toward ? " " : "", *to ? toward : "", *to ? brief_words(w, " %s", to) : "");
	if (act->level) {
		const char *level = brief_level(w, act->level, act);
		bool up = act->action == TRUCE_DO_RAISE || act->action == TRUCE_DO_LOWER;
		text = brief_words(w, act->action == TRUCE_DO_IMPOSE ? "%s: %s%s" : up && !act->level->add.set ? "%s to %s%s" :
			up ? "%s by %s%s" : "%s (%s)%s", text, level, "");
	}
	if (act->quantity && act->quantity->value.set)
		text = brief_words(w, "%s (%s %s)", text, act->quantity->value.text ? act->quantity->value.text : "?",
			act->quantity->unit ? act->quantity->unit : "");
	return text;
}

const char *brief_acts(struct brief_writer *w, const truce_yaml_list *acts)
{
	const char *words = "";
	for (size_t i = 0; i < acts->count; i++)
		words = brief_words(w, "%s%s%s", words, i == 0 ? "" : i + 1 == acts->count ? " and " : ", ",
			brief_act(w, TRUCE_LIST_AT(*acts, truce_act, i), false));
	return words;
}

static const char *flow_condition(struct brief_writer *w, const truce_condition *c)
{
	const truce_flow *f = c->flow;
	const char *goods = f->goods.count ? join(w, &f->goods, good_name) : "goods";
	const char *text = brief_words(w, "the flow of %s%s%s%s%s", goods, f->from ? " from " : "", f->from ? brief_party(w, f->from) : "",
		f->to ? " to " : "", f->to ? brief_party(w, f->to) : "");
	const truce_yaml_number *edge = c->below.set ? &c->below : &c->above;
	if (edge->set) {
		bool normal = c->of && strcmp(c->of, "normal") == 0;
		const char *level = normal ? brief_words(w, "%g\u00a0%% of normal", edge->value * 100) : brief_words(w, "%g %s%s%s", edge->value,
			c->unit ? c->unit : "", c->of ? " of " : "", c->of ? c->of : "");
		text = brief_words(w, "%s stays %s %s", text, c->below.set ? "below" : "above", level);
		if (c->over.set)
			text = brief_words(w, "%s for %g days", text, c->over.value);
	}
	return text;
}

const char *brief_condition(struct brief_writer *w, const truce_condition *condition)
{
	truce_text text;
	if (condition->flow)
		return flow_condition(w, condition);
	if (condition->act)
		return brief_act(w, condition->act, false);
	truce_text_init(&text, w->ctx);
	truce_condition_words(&text, condition);
	return brief_tidy(w, &text);
}

const char *brief_name(const truce_head *head)
{
	return head->name ? head->name : head->id;
}

const char *brief_status(int status)
{
	/* Statuses whose word is not yet a reader's. */
	switch (status) {
	case TRUCE_IN_FORCE: return "in force";
	case TRUCE_STRUCK_DOWN: return "struck down";
	case TRUCE_HELD_UNLAWFUL: return "held unlawful";
	case TRUCE_CALLED_OFF: return "called off";
	default: return truce_status_word(status);
	}
}

const char *brief_plural(struct brief_writer *w, size_t count, const char *one, const char *many)
{
	static const char *const small[] = {"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
		"eleven", "twelve"};
	if (count < sizeof small / sizeof small[0])
		return brief_words(w, "%s %s", small[count], count == 1 ? one : many);
	return brief_words(w, "%zu %s", count, many);
}

const char *brief_sentence_case(struct brief_writer *w, const char *text)
{
	size_t length = strlen(text);
	while (length && (text[length - 1] == ' ' || text[length - 1] == '.'))
		length--;
	if (length == 0)
		return "";
	bool ended = text[length - 1] == '?' || text[length - 1] == '!' || strncmp(text + length - 1, "\"", 1) == 0;
	char *copy = (char *)(uintptr_t)brief_words(w, "%.*s%s", (int)length, text, ended ? "" : ".");
	/* An id stays as it is written; a word takes a capital. */
	if (copy[0] >= 'a' && copy[0] <= 'z') {
		size_t end = strcspn(copy, " ,.");
		if (!memchr(copy, '-', end))
			copy[0] = (char)(copy[0] - 'a' + 'A');
	}
	return copy;
}

const char *truce_brief_print(truce_arena *arena, double value, double scale, int decimals, const char *unit)
{
	char digits[64], grouped[96];
	size_t g = 0;

	if (!isfinite(value))
		return "?";
	double shown = value * scale, power = 1;
	for (int i = 0; i < decimals; i++)
		power *= 10;
	double whole = floor(fabs(shown) * power + 0.5);
	if (!(whole < 1e15))
		return truce_arena_printf(arena, "%s%.3e%s", shown < 0 ? "\u2212" : "+", fabs(shown), unit);
	double high = floor(whole / power);
	snprintf(digits, sizeof digits, "%.0f", high);
	size_t length = strlen(digits);
	for (size_t i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			grouped[g++] = ',';
		grouped[g++] = digits[i];
	}
	grouped[g] = 0;
	const char *sign = whole == 0 ? "" : shown < 0 ? "\u2212" : "+";
	if (decimals > 0)
		return truce_arena_printf(arena, "%s%s.%0*d%s", sign, grouped, decimals, (int)(whole - high * power), unit);
	return truce_arena_printf(arena, "%s%s%s", sign, grouped, unit);
}
