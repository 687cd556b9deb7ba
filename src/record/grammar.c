/* grammar.c, room `record`: the grammar of a record as tables, one a kind and one a shared part.
 *
 * What the tables cannot say (one thing of several, both ends of a period) is checked beside them; what needs
 * other records (references, cycles) is checked by the loader. */
#include <math.h>
#include <string.h>

#include "private.h"

#define AT(type, member) offsetof(type, member)
#define END {0}
#define NONE ((size_t)-1)

/* A field: key, member and type of the struct SELF, with an optional part, words or kind referred to. */
#define F(key_, member, type_, flags_, doc_) \
	{.key = (key_), .type = TRUCE_YAML_##type_, .offset = AT(SELF, member), .flags = (flags_), .doc = (doc_)}
#define PART(key_, member, type_, flags_, schema_, doc_) \
	{.key = (key_), .type = TRUCE_YAML_##type_, .offset = AT(SELF, member), .flags = (flags_), .of = &(schema_), .doc = (doc_)}
#define WORD(key_, member, flags_, words_, doc_) \
	{.key = (key_), .type = TRUCE_YAML_ENUM, .offset = AT(SELF, member), .flags = (flags_), .words = (words_), .doc = (doc_)}
#define REF(key_, member, flags_, kind_, doc_) \
	{.key = (key_), .type = TRUCE_YAML_ID, .offset = AT(SELF, member), .flags = (flags_), .refers_to = (kind_), .doc = (doc_)}
#define REFS(key_, member, flags_, kind_, doc_) \
	{.key = (key_), .type = TRUCE_YAML_TEXTS, .offset = AT(SELF, member), .flags = TRUCE_YAML_SINGLE | (flags_), \
		.refers_to = (kind_), .doc = (doc_)}
#define TEXTS(key_, member, flags_, doc_) REFS(key_, member, flags_, NULL, doc_)

enum { REQUIRED = TRUCE_YAML_REQUIRED, SINGLE = TRUCE_YAML_SINGLE, POSITIVE = TRUCE_YAML_POSITIVE, SHARE = TRUCE_YAML_SHARE };

/* ---- words ----------------------------------------------------------------------------------------------- */

#define WORD_OF(name, word) word,
static const char *const does[] = {TRUCE_DOES(WORD_OF) NULL};
static const char *const instruments[] = {TRUCE_INSTRUMENTS(WORD_OF) NULL};
static const char *const statuses[] = {TRUCE_STATUS_LIST(WORD_OF) NULL};
/* The same numbers, with gaps where a kind cannot have the status. */
#define MEASURE_WORDS "proposed", "announced", "in_force", "suspended", "expired", "removed", "struck_down"
#define NO7 "", "", "", "", "", "", ""
static const char *const measure_statuses[] = {MEASURE_WORDS, NULL};
static const char *const promise_statuses[] = {NO7, "standing", "lapsed", "fulfilled", NULL};
static const char *const truce_statuses[] = {"proposed", "announced", "in_force", "", "expired", "removed", NULL};
static const char *const meeting_statuses[] = {NO7, "", "", "", "reported", "confirmed", "held", "called_off", NULL};
static const char *const claim_statuses[] = {NO7, "", "", "", "", "confirmed", "", "", "", "", "", "", "denied", "", "open", NULL};
static const char *const stance_words[] = {NO7, "", "", "", "", "confirmed", "", "", "", "", "", "", "denied", "dodged", NULL};
static const char *const authority_statuses[] = {"", "", "", "", "", "", "struck_down", "", "", "", "", "", "", "",
	"challenged", "held_unlawful", "valid", NULL};
static const char *const bases[] = {"value", "content", "non_content", "quantity", NULL};
static const char *const yes_no[] = {"false", "true", NULL};
static const char *const voids[] = {"from_start", "from_ruling", NULL};
static const char *const party_types[] = {"state", "group", "territory", "firm", "other", NULL};
static const char *const source_types[] = {"official", "on-record", "anonymous", "echo", "analysis", NULL};
static const char *const independences[] = {"relay", "independent", "unknown", NULL};
static const char *const offer_modes[] = {"public", "private", "floated", NULL};
static const char *const meeting_levels[] = {"leaders", "ministers", "deputies", "officials", "business", "call", NULL};
static const char *const criticalities[] = {"other", "important", "critical", NULL};
static const char *const combines[] = {"sum", "max", "min", NULL};
static const char *const kind_words[] = {
#define KIND_WORD(name, word, key, type) word,
	TRUCE_RECORD_KIND_LIST(KIND_WORD)
#undef KIND_WORD
};
static const char *const kind_keys[] = {
#define KIND_KEY(name, word, key, type) key,
	TRUCE_RECORD_KIND_LIST(KIND_KEY)
#undef KIND_KEY
};

static const char *word_at(const char *const *words, int count, int i, const char *otherwise)
{
	return i >= 0 && i < count ? words[i] : otherwise;
}

const char *truce_record_kind_word(truce_record_kind kind)
{
	return word_at(kind_words, TRUCE_RECORD_KINDS, (int)kind, "?");
}

const char *truce_record_kind_key(truce_record_kind kind)
{
	return word_at(kind_keys, TRUCE_RECORD_KINDS, (int)kind, "?");
}

const char *truce_do_word(int action)
{
	return word_at(does, (int)(sizeof does / sizeof *does) - 1, action, "");
}

const char *truce_instrument_word(int instrument)
{
	return word_at(instruments, (int)(sizeof instruments / sizeof *instruments) - 1, instrument, "");
}

const char *truce_status_word(int status)
{
	return word_at(statuses, TRUCE_STATUSES, status, "");
}

/* ---- units ------------------------------------------------------------------------------------------------- */

static const char *const units[] = {
	"pp", "pct", "share", "index", "ratio",
	"usd", "cny", "eur", "jpy", "gbp", "krw", "cad", "mxn", "inr", "brl", "aud", "chf", "twd",
	"kusd", "musd", "busd", "tusd",
	"t", "kt", "Mt", "kg", "g", "lb", "bushel", "bbl", "l", "m2", "m3", "head", "pair", "dozen", "kWh", "MWh",
	"count", "firms", "lines", "items", "people", "licences", "flights", "ships", "net_ton",
	"days", "weeks", "months", "years",
};

static bool unit_part(const char *unit, size_t length)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strlen(units[i]) == length && memcmp(units[i], unit, length) == 0)
			return true;
	return false;
}

bool truce_unit_known(const char *unit)
{
	const char *slash = strchr(unit, '/');
	if (!slash)
		return unit_part(unit, strlen(unit));
	return unit_part(unit, (size_t)(slash - unit)) && unit_part(slash + 1, strlen(slash + 1));
}

static void check_unit(truce_context *ctx, truce_place place, const char *unit)
{
	if (unit && !truce_unit_known(unit)) {
		const char *near = truce_nearest(unit, units, sizeof units / sizeof *units);
		truce_yaml_say(ctx, TRUCE_ERROR, place, "units are pp, pct, share, t, Mt, usd, usd/kg, count, days and such; "
			"write what is counted in `of`", near ? "unknown unit '%s'; did you mean '%s'?" : "unknown unit '%s'", unit, near);
	}
}

static void check_range(truce_context *ctx, truce_place place, const truce_yaml_number *value, const truce_yaml_number *low,
	const truce_yaml_number *high)
{
	if (low->set && high->set && low->value > high->value)
		truce_yaml_say(ctx, TRUCE_ERROR, place, "low must not be above high", "the range runs from %s down to %s", low->text,
			high->text);
	else if (value->set && ((low->set && value->value < low->value) || (high->set && value->value > high->value)))
		truce_yaml_say(ctx, TRUCE_ERROR, place, "give a range that holds the value", "the value %s lies outside its range",
			value->text);
}

/* ---- shared parts --------------------------------------------------------------------------------------------- */

/* The time at a key, or at the shorthand; not set where there is none. */
static truce_time time_at(const truce_yaml_node *node, const char *key)
{
	truce_time time = {0};
	const truce_yaml_node *value = node && node->type == TRUCE_NODE_SCALAR ? node : truce_yaml_get(node, key);
	if (!value || value->type != TRUCE_NODE_SCALAR || truce_time_parse(value->text, &time) != TRUCE_OK)
		time.set = false;
	return time;
}

/* Whether b comes before a whatever the zone of a time without one (they run from -12 to +14 hours). */
static bool comes_before(const truce_time *b, const truce_time *a)
{
	if (!a->set || !b->set)
		return false;
	if (!a->has_time && !b->has_time)
		return b->day < a->day;
	if (a->has_time && b->has_time)
		return b->at < a->at;
	return b->has_time ? b->at < a->at - 14 * 3600 : b->at + 86400 + 12 * 3600 < a->at;
}

/* A mapping with a beginning and an end: at most one end, and not before the beginning. */
static void check_ends(truce_context *ctx, const truce_yaml_node *node, truce_time from)
{
	const truce_yaml_node *until_node = truce_yaml_get(node, "until"), *through_node = truce_yaml_get(node, "through");
	if (until_node && through_node)
		truce_yaml_say(ctx, TRUCE_ERROR, until_node->place, "until is the first moment after, through the last day: give one",
			"both until and through");
	truce_time until = time_at(node, "until"), through = time_at(node, "through");
	bool empty = until.set && from.set && until.has_time == from.has_time && until.day == from.day && until.at == from.at;
	if (until_node && (comes_before(&until, &from) || empty))
		truce_yaml_say(ctx, TRUCE_ERROR, until_node->place, "until is the first moment after it", "it ends before it begins");
	if (through_node && comes_before(&through, &from))
		truce_yaml_say(ctx, TRUCE_ERROR, through_node->place, "through is its last day", "it ends before it begins");
}

#define SELF truce_period
static const truce_yaml_field period_fields[] = {
	F("from", from, TIME, 0, "The first moment or day."),
	F("until", until, TIME, 0, "The first moment after it (exclusive)."),
	F("through", through, TIME, 0, "The last day of it (inclusive)."),
	END};
#undef SELF
static int check_period(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	(void)item;
	if (node->type == TRUCE_NODE_MAPPING)
		check_ends(ctx, node, time_at(node, "from"));
	return TRUCE_OK;
}
static const truce_yaml_schema period_schema = {"period", sizeof(truce_period), NONE, period_fields,
	"A stretch of time; dates without a zone are in the zone of the party that levies, speaks or owes.", check_period, "from"};

#define SELF truce_known
static const truce_yaml_field known_fields[] = {F("from", from, TIME, REQUIRED, "Since when it is known; a date is a day in UTC."), END};
#undef SELF
static const truce_yaml_schema known_schema = {"known", sizeof(truce_known), NONE, known_fields,
	"Since when it is known to us.", NULL, "from"};

#define SELF truce_amount
static const truce_yaml_field amount_fields[] = {
	F("value", value, NUMBER, 0, "The best guess."),
	F("low", low, NUMBER, 0, "The low end of the range."),
	F("high", high, NUMBER, 0, "The high end of the range."),
	F("unit", unit, TEXT, 0, "Its unit: share, days, t, Mt, usd, usd/kg, count."),
	F("per", per, TEXT, 0, "Per what time: year, month."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."),
	F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static int check_amount(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_amount *amount = item;
	if (!amount->value.set && !amount->low.set && !amount->high.set)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "give value, or low and high", "an amount without a number");
	check_range(ctx, node->place, &amount->value, &amount->low, &amount->high);
	check_unit(ctx, node->place, amount->unit);
	return TRUCE_OK;
}
static const truce_yaml_schema amount_schema = {"amount", sizeof(truce_amount), AT(truce_amount, place), amount_fields,
	"A number with its unit and its range.", check_amount, "value"};

#define SELF truce_level
static const truce_yaml_field level_fields[] = {
	F("add", add, NUMBER, 0, "Added on top of what stands (negative: taken off)."),
	F("to", to, NUMBER, 0, "What the measure's own layer, or the quantity, becomes."),
	F("floor", floor, NUMBER, 0, "The whole duty is topped up to this."),
	F("low", low, NUMBER, 0, "The low end, where the level is a guess."),
	F("high", high, NUMBER, 0, "The high end, where the level is a guess."),
	F("unit", unit, TEXT, 0, "pp, pct, share (of normal), or a quantity: Mt, usd, count, usd/kg; must be given."),
	F("per", per, TEXT, 0, "Per what time: year, month."),
	F("at_most", at_most, BOOL, 0, "The level is an upper guess."),
	F("at_least", at_least, BOOL, 0, "The level is a lower bound."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."),
	F("expression", expression, TEXT, 0, "A duty that is no single number, as text."),
	WORD("basis", basis, 0, bases, "What the rate is levied on; the whole value unless said."),
	F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static int check_level(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_level *level = item;
	int given = level->add.set + level->to.set + level->floor.set;
	if (given > 1)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "give one of add, to and floor", "a level that says two things");
	else if (given == 0 && !level->expression && !(level->low.set && level->high.set))
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "give add, to, floor, an expression, or low and high", "a level without a number");
	if (!level->unit && !level->expression)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "add unit: pp for points, pct for a share of value, or a unit of quantity",
			"a level without a unit");
	check_unit(ctx, node->place, level->unit);
	check_range(ctx, node->place, level->add.set ? &level->add : level->to.set ? &level->to : &level->floor, &level->low,
		&level->high);
	return TRUCE_OK;
}
static const truce_yaml_schema level_schema = {"level", sizeof(truce_level), AT(truce_level, place), level_fields,
	"How high an act stands.", check_level, NULL};

#define SELF truce_act
static const truce_yaml_field act_fields[] = {
	REF("by", by, 0, "party", "Who acts; left out where it is open."),
	WORD("do", action, REQUIRED, does, "What is done."),
	WORD("instrument", instrument, 0, instruments, "By what means."),
	REFS("against", against, 0, "party or all", "Whom it reaches: parties, or all."),
	REFS("except", except, 0, "party", "Parties that it does not reach."),
	REFS("goods", goods, 0, "good, code or all", "Named goods, codes such as hs:850511, or all."),
	REFS("except_goods", except_goods, 0, "good or code", "Goods that it does not reach."),
	REFS("measures", measures, 0, "any", "The measures, threats, commitments or truces that it acts on."),
	PART("level", level, MAYBE, 0, level_schema, "How high."),
	PART("quantity", quantity, MAYBE, 0, amount_schema, "How much: of goods, or of firms listed."),
	PART("during", during, STRUCT, 0, period_schema, "When it would hold."),
	REF("authority", authority, 0, "authority", "The law that it would stand on."),
	F("class", klass, ID, 0, "Its class in the stacking rules."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."),
	F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static int check_act(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_act *act = item;
	if (act->instrument < 0 && act->measures.count == 0)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "add instrument: tariff, export_licence, purchase ..., or the measures it acts on",
			"an act that does not say by what means");
	return TRUCE_OK;
}
const truce_yaml_schema record_act_schema = {"act", sizeof(truce_act), AT(truce_act, place), act_fields,
	"Who does what, by what means, against whom, on what goods, how high.", check_act, NULL};

#define SELF truce_flow
static const truce_yaml_field flow_fields[] = {
	REFS("goods", goods, REQUIRED, "good, code or all", "What flows."),
	REF("from", from, 0, "party", "From where; any where not said."),
	REF("to", to, 0, "party", "To where; any where not said."), END};
#undef SELF
static const truce_yaml_schema flow_schema = {"flow", sizeof(truce_flow), NONE, flow_fields, "Goods that go from one party to another.",
	NULL, NULL};

#define SELF truce_condition
static const truce_yaml_field condition_fields[] = {
	PART("flow", flow, MAYBE, 0, flow_schema, "A flow of goods that passes below or above a level."),
	F("below", below, NUMBER, 0, "It falls below this."),
	F("above", above, NUMBER, 0, "It rises above this."),
	F("of", of, ID, 0, "The level's base: normal, or the id of a figure."),
	F("unit", unit, TEXT, 0, "The unit of below and above; a share of `of` where not said."),
	F("over", over, DAYS, 0, "Over how long the flow is taken: 30d."),
	PART("act", act, MAYBE, 0, record_act_schema, "This act happens."),
	REF("measure", measure, 0, "measure", "This measure has the status."),
	WORD("status", status, 0, measure_statuses, "The status of the measure; in_force where not said."),
	F("date", date, TIME, 0, "This moment has come."),
	F("by", by, TIME, 0, "A deadline on it."),
	PART("all", all, LIST, 0, record_condition_schema, "All of these."),
	PART("any", any, LIST, 0, record_condition_schema, "Any of these."),
	PART("not", not_, MAYBE, 0, record_condition_schema, "Not this."),
	F("text", text, TEXT, 0, "In words, where only a person can tell."),
	F("unsure", unsure, BOOL, 0, "The condition is our reading of vague words."),
	F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static int check_condition(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_condition *c = item;
	int matters = !!c->flow + !!c->act + !!c->measure + c->date.set + (c->all.count > 0) + (c->any.count > 0) + !!c->not_;
	if (matters > 1 || (matters == 0 && !c->text))
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "give exactly one of flow, act, measure, date, all, any, not, text",
			matters ? "a condition about several things" : "a condition about nothing");
	if (c->flow && c->below.set == c->above.set)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "give below or above", "a flow without the level it must pass");
	if (c->flow && !c->of && !c->unit)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "add of: normal for a share, or a unit", "a level without a unit");
	check_unit(ctx, node->place, c->unit);
	return TRUCE_OK;
}
const truce_yaml_schema record_condition_schema = {"condition", sizeof(truce_condition), AT(truce_condition, place),
	condition_fields, "Something that may come true.", check_condition, "text"};

#define SELF truce_reading
static const truce_yaml_field reading_fields[] = {
	F("says", says, TEXT, REQUIRED, "The reading, in words."),
	REF("by", by, 0, "party", "The party whose reading it is."),
	F("who", who, TEXT, 0, "The person or office whose reading it is."),
	WORD("formal", formal, 0, yes_no, "Meetings: a formal session, or not."),
	F("round", round, NUMBER, POSITIVE, "Meetings: the round it is counted as."),
	PART("if", when, MAYBE, 0, record_condition_schema, "Threats: the condition as read."),
	PART("then", then, LIST, SINGLE, record_act_schema, "What follows as read."),
	PART("act", act, MAYBE, 0, record_act_schema, "The act as read."),
	PART("known", known, STRUCT, 0, known_schema, "Since when the reading is known; that of the record where not said."),
	REFS("sources", sources, 0, "source", "Who reports it."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."),
	F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema reading_schema = {"reading", sizeof(truce_reading), AT(truce_reading, place), reading_fields,
	"One way to read the same words or event; several may stand side by side.", NULL, NULL};

/* Steps differ only in the statuses they may bring. */
#define SELF truce_step
#define STEP_FIELDS(words_) \
	F("from", from, TIME, REQUIRED, "When it takes effect."), \
	F("known", known, TIME, 0, "Since when it is known; where not said its `from`, or the date of its sources if that is later."), \
	WORD("status", status, 0, words_, "The status from then on; as before where not said."), \
	PART("level", level, MAYBE, 0, level_schema, "The level from then on; as before where not said."), \
	F("until", until, TIME, 0, "The first moment after the status that it brings."), \
	F("through", through, TIME, 0, "The last day of the status that it brings."), \
	WORD("on_expiry", on_expiry, 0, words_, "What the status becomes then."), \
	F("withdrawn", withdrawn, BOOL, 0, "Takes back the steps from the same moment that were known before."), \
	TEXTS("cites", cites, 0, "Legal citations."), \
	REFS("sources", sources, 0, "source", "Who reports it."), \
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), \
	F("note", note, TEXT, 0, "For people.")
static int check_step(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_step *step = item;
	check_ends(ctx, node, step->from);
	if (step->collected_until.set && step->status != TRUCE_STRUCK_DOWN)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "it belongs to a step with status: struck_down", "collected_until without a ruling");
	return TRUCE_OK;
}
#define STEP_SCHEMA(name_, words_) \
	static const truce_yaml_field name_##_fields[] = {STEP_FIELDS(words_), END}; \
	static const truce_yaml_schema name_##_schema = {#name_, sizeof(truce_step), AT(truce_step, place), name_##_fields, \
		"One change after it began, with its own known date.", check_step, NULL}
STEP_SCHEMA(measure_step, measure_statuses);
STEP_SCHEMA(promise_step, promise_statuses);
STEP_SCHEMA(truce_step, truce_statuses);
STEP_SCHEMA(meeting_step, meeting_statuses);
STEP_SCHEMA(claim_step, claim_statuses);
static const truce_yaml_field authority_step_fields[] = {STEP_FIELDS(authority_statuses),
	F("stayed", stayed, BOOL, 0, "Held unlawful, but goes on under a stay."),
	WORD("void", voids, 0, voids, "Struck down: what stands on it is void from its start (the rule) or from the ruling."),
	F("collected_until", collected_until, TIME, 0, "Struck down: until when it was still levied (exclusive)."),
	F("court", court, TEXT, 0, "Which court."), END};
static const truce_yaml_schema authority_step_schema = {"authority_step", sizeof(truce_step), AT(truce_step, place),
	authority_step_fields, "A turn in the standing of a law.", check_step, NULL};
#undef SELF

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

#define HEAD \
	F("id", head.id, ID, 0, "Its id: the key, not written inside."), \
	F("name", head.name, TEXT, 0, "Its name for people."), \
	PART("valid", head.valid, STRUCT, 0, period_schema, "When it is so in the world."), \
	REFS("sources", head.sources, 0, "source", "Who reports it."), \
	REFS("background", head.background, 0, "source", "Older sources behind it, that are no evidence of it."), \
	REFS("contradicts", head.contradicts, 0, "any", "Records that cannot hold beside it."), \
	REFS("related", head.related, 0, "any", "Records to read with it."), \
	REF("supersedes", head.supersedes, 0, "any", "The record of the same kind that it corrects, from its known date on."), \
	F("unsure", head.unsure, BOOL, 0, "From memory, or from one secondary source."), \
	F("note", head.note, TEXT, 0, "For people.")
#define KNOWN(flags_) PART("known", head.known, STRUCT, flags_, known_schema, "Since when it is known.")
#define LIFE(words_, step_) \
	WORD("status", status, 0, words_, "Its status from valid.from on."), \
	F("until", until, TIME, 0, "The first moment after that status."), \
	F("through", through, TIME, 0, "The last day of that status."), \
	PART("history", history, LIST, 0, step_, "What changed later, each change with its own known date.")
#define READINGS PART("readings", readings, LIST, 0, reading_schema, "Several readings of the same, side by side.")
/* Every kind: the end of its first status comes after its beginning. */
static int check_entry(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	(void)item;
	if (node->type == TRUCE_NODE_MAPPING)
		check_ends(ctx, node, time_at(truce_yaml_get(node, "valid"), "from"));
	return TRUCE_OK;
}
#define KIND(name_, type_, check_, shorthand_, doc_) \
	static const truce_yaml_schema name_##_schema = {#name_, sizeof(type_), AT(type_, head.place), name_##_fields, doc_, check_, \
		shorthand_}

/* A part with from, until and through of its own. */
static int check_window(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	return check_period(ctx, item, node);
}

#define SELF truce_member
static const truce_yaml_field member_fields[] = {
	REF("party", party, REQUIRED, "party", "The member."),
	F("from", from, TIME, 0, "Its first day."), F("until", until, TIME, 0, "The first moment after."),
	F("through", through, TIME, 0, "Its last day."), END};
#undef SELF
static const truce_yaml_schema member_schema = {"member", sizeof(truce_member), NONE, member_fields, "A member of a group, over time.",
	check_window, "party"};

#define SELF truce_party
static const truce_yaml_field party_fields[] = {HEAD, KNOWN(0),
	WORD("type", type, 0, party_types, "What it is; a state where not said."),
	F("iso2", iso2, TEXT, 0, "ISO 3166 alpha-2."), F("iso3", iso3, TEXT, 0, "ISO 3166 alpha-3."),
	F("currency", currency, TEXT, 0, "ISO 4217."),
	F("zone", zone, TEXT, 0, "Its time zone, an IANA name: dates of its acts are days there."),
	F("codes", codes, ID, 0, "The name of its own tariff codes: hts."),
	PART("members", members, LIST, 0, member_schema, "Members, over time."),
	REF("part_of", part_of, 0, "party", "Customs territories: the state they are of."), END};
#undef SELF
KIND(party, truce_party, check_entry, NULL, "A state, a customs territory, or a group with members over time.");

#define SELF truce_code_file
static const truce_yaml_field code_file_fields[] = {
	F("file", file, TEXT, REQUIRED, "A CSV file, relative to this one, or in a folder of lists."),
	F("system", system, ID, REQUIRED, "The system of its codes: hts, hs."),
	F("column", column, TEXT, REQUIRED, "The column that holds the code."),
	TEXTS("where", where, 0, "Rows taken: column=value, all must hold."),
	F("from_column", from_column, TEXT, 0, "The column of a row's first day."),
	F("until_column", until_column, TEXT, 0, "The column of the first day after (exclusive)."),
	F("through_column", through_column, TEXT, 0, "The column of its last day (inclusive)."),
	F("source_column", source_column, TEXT, 0, "The column that names a row's source."),
	REFS("sources", sources, 0, "source", "The source of all rows."),
	F("optional", optional, BOOL, 0, "The list may be absent; the good then says that its codes are not known."), END};
#undef SELF
static const truce_yaml_schema code_file_schema = {"code_file", sizeof(truce_code_file), AT(truce_code_file, place),
	code_file_fields, "Codes from a list with a source and a window per row.", NULL, NULL};

#define SELF truce_normal_duty
static const truce_yaml_field normal_duty_fields[] = {
	REF("into", into, REQUIRED, "party", "The party that levies."),
	REF("from", from, 0, "party", "Of goods from there; the most-favoured-nation rate where not said."),
	F("code", code, TEXT, 0, "The line it is read from: hts:8505.11.00.70."),
	F("rate", rate, TEXT, REQUIRED, "The rate as the schedule prints it: 2.1%, Free."),
	PART("valid", valid, STRUCT, 0, period_schema, "When."), PART("known", known, STRUCT, 0, known_schema, "Since when known."),
	REFS("sources", sources, REQUIRED, "source", "From where."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema normal_duty_schema = {"normal_duty", sizeof(truce_normal_duty), AT(truce_normal_duty, place),
	normal_duty_fields, "The duty without any measure.", NULL, NULL};

#define SELF truce_membership
static const truce_yaml_field membership_fields[] = {
	REF("measure", measure, REQUIRED, "measure", "The measure."),
	WORD("in", in, 0, yes_no, "true: it is in its scope (the default); false: it is not."),
	PART("level", level, MAYBE, 0, level_schema, "Its own level, where it is not the measure's."),
	F("share", share, NUMBER, SHARE, "The share of its value that is covered; all where not said."),
	PART("valid", valid, STRUCT, 0, period_schema, "When."), PART("known", known, STRUCT, 0, known_schema, "Since when known."),
	F("citation", citation, TEXT, 0, "The heading or note."), REFS("sources", sources, REQUIRED, "source", "From where."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema membership_schema = {"membership", sizeof(truce_membership), AT(truce_membership, place),
	membership_fields, "That a good is, or is not, in the scope of a measure, since when, by which source.", NULL, NULL};

#define SELF truce_good
static const truce_yaml_field good_fields[] = {HEAD, KNOWN(0),
	TEXTS("codes", codes, 0, "SYSTEM:CODE, all that begin with it, or SYSTEM:FIRST-LAST; hs holds for every party."),
	REFS("includes", includes, 0, "good", "Other goods that it takes in."),
	REFS("except", except, 0, "good or code", "Goods or codes taken out."),
	PART("files", files, LIST, SINGLE, code_file_schema, "Lists in files."),
	F("unit", unit, TEXT, 0, "Its natural unit: t, count."),
	PART("normal_duty", normal_duty, LIST, SINGLE, normal_duty_schema, "The duty without any measure."),
	PART("on", on, LIST, 0, membership_schema, "Which measures reach it, or not, and since when."),
	REFS("complete_into", complete_into, 0, "party", "Parties into which normal_duty and on are complete: a duty needs no schedule."),
	F("sector", sector, TEXT, 0, "Its sector in the worlds."), END};
#undef SELF
KIND(good, truce_good, check_entry, "codes", "A name for a set of tariff codes.");

#define SELF truce_source
static const truce_yaml_field source_fields[] = {HEAD, KNOWN(0),
	F("outlet", outlet, TEXT, REQUIRED, "Who published it."), F("title", title, TEXT, 0, "Its title."), F("url", url, TEXT, 0, "Where."),
	F("author", author, TEXT, 0, "By whom."), F("date", date, TIME, REQUIRED, "When it was published."),
	WORD("kind", type, REQUIRED, source_types, "What it is."),
	REFS("via", via, 0, "source", "Sources that it relays: an echo adds reach, not evidence."),
	WORD("independence", independence, 0, independences,
		"Beside via: relay (nothing of its own), independent (a root of its own too), unknown (possibly)."), END};
#undef SELF
KIND(source, truce_source, check_entry, NULL, "An outlet's report, a law, an analysis.");

#define SELF truce_limits
static const truce_yaml_field limits_fields[] = {
	PART("rate", rate, MAYBE, 0, level_schema, "The highest rate."), F("days", days, DAYS, POSITIVE, "For how long: 150d."),
	F("lead", lead, DAYS, 0, "How long before it can act: 6m."), F("needs", needs, TEXT, 0, "What must come first."),
	F("no_cap", no_cap, BOOL, 0, "It states no cap."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema limits_schema = {"limits", sizeof(truce_limits), AT(truce_limits, place), limits_fields,
	"What a law can carry.", NULL, NULL};

#define SELF truce_authority
static const truce_yaml_field authority_fields[] = {HEAD, KNOWN(0),
	REF("of", of, REQUIRED, "party", "Whose law."), F("law", law, TEXT, 0, "Where it is written."),
	REF("under", under, 0, "authority", "The authority that it is a use of; it falls with it."),
	PART("limits", limits, MAYBE, 0, limits_schema, "What it can carry; those of `under` where not said."),
	WORD("status", status, 0, authority_statuses, "valid where not said."),
	PART("history", history, LIST, 0, authority_step_schema, "Challenges and rulings."), TEXTS("cites", cites, 0, "Legal citations."), END};
#undef SELF
KIND(authority, truce_authority, check_entry, NULL, "The law that a measure stands on.");

#define SELF truce_exclusion
static const truce_yaml_field exclusion_fields[] = {
	F("name", name, TEXT, 0, "Its name."), REFS("goods", goods, REQUIRED, "good, code or all", "What is excused."),
	REFS("against", against, 0, "party", "Of which parties; all where not said."),
	F("share", share, NUMBER, SHARE, "The share of the value excused; all where not said."),
	PART("level", level, MAYBE, 0, level_schema, "The level that holds instead; none where not said."),
	PART("valid", valid, STRUCT, 0, period_schema, "When."), PART("known", known, STRUCT, 0, known_schema, "Since when known."),
	TEXTS("cites", cites, 0, "Legal citations."), REFS("sources", sources, 0, "source", "From where."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema exclusion_schema = {"exclusion", sizeof(truce_exclusion), AT(truce_exclusion, place),
	exclusion_fields, "Goods that a measure does not reach for a time.", NULL, NULL};

#define SELF truce_in_transit
static const truce_yaml_field in_transit_fields[] = {
	F("loaded_before", loaded_before, TIME, REQUIRED, "Loaded before this moment."),
	F("entered_before", entered_before, TIME, 0, "And entered before this moment."),
	PART("level", level, MAYBE, 0, level_schema, "What they pay instead; nothing of this measure where not said."),
	TEXTS("cites", cites, 0, "Legal citations."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema in_transit_schema = {"in_transit", sizeof(truce_in_transit), AT(truce_in_transit, place),
	in_transit_fields, "Goods under way keep the old duty.", NULL, NULL};

#define SELF truce_measure
static const truce_yaml_field measure_fields[] = {
	PART("act", act, STRUCT, REQUIRED, record_act_schema, "What is done."), HEAD, KNOWN(REQUIRED),
	LIFE(measure_statuses, measure_step_schema),
	WORD("on_expiry", on_expiry, 0, measure_statuses, "What the status becomes at its end: expired, or in_force after suspended."),
	REF("stands_on", stands_on, 0, "authority", "The law that it stands on."),
	F("class", klass, ID, 0, "Its class in the stacking rules; its authority's id where not said."),
	TEXTS("cites", cites, 0, "Legal citations and tariff headings."),
	PART("exclusions", exclusions, LIST, 0, exclusion_schema, "Goods it does not reach for a time."),
	PART("in_transit", in_transit, LIST, SINGLE, in_transit_schema, "Goods under way."),
	READINGS, REFS("replies_to", replies_to, 0, "any", "Measures or threats that it answers."), END};
#undef SELF
static int check_measure(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_measure *measure = item;
	check_entry(ctx, item, node);
	if (!measure->act.by && measure->act.action >= 0)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "add by: PARTY; what is open belongs into a claim", "a measure of nobody");
	return TRUCE_OK;
}
KIND(measure, truce_measure, check_measure, NULL, "An act with a status and a history.");

#define SELF truce_threat
static const truce_yaml_field threat_fields[] = {HEAD, KNOWN(REQUIRED),
	REF("by", by, REQUIRED, "party", "Who threatens."), REF("to", to, REQUIRED, "party", "Whom."),
	F("speaker", speaker, TEXT, 0, "By whose mouth."),
	PART("if", when, MAYBE, 0, record_condition_schema, "The condition, in a form that can be worked with."),
	PART("then", then, LIST, SINGLE | REQUIRED, record_act_schema, "The acts."),
	F("deadline", deadline, TIME, 0, "By when the other must comply."),
	REFS("needs", needs, 0, "authority", "The laws it could stand on."), F("words", words, TEXT, 0, "As said, in short."), READINGS,
	LIFE(promise_statuses, promise_step_schema), END};
#undef SELF
KIND(threat, truce_threat, check_entry, NULL, "If a condition, then acts.");

#define SELF truce_demand
static const truce_yaml_field demand_fields[] = {HEAD, KNOWN(REQUIRED),
	REF("by", by, REQUIRED, "party", "Who demands."), REF("to", to, REQUIRED, "party", "Of whom."),
	PART("wants", wants, LIST, SINGLE | REQUIRED, record_act_schema, "The acts wanted."),
	PART("before", before, LIST, SINGLE, record_act_schema, "The acts that it must come before."),
	REFS("before_records", before_records, 0, "any", "The commitments, offers or truces that it must come before."),
	F("deadline", deadline, TIME, 0, "By when."), F("words", words, TEXT, 0, "As said, in short."),
	F("older", older, BOOL, 0, "It stood already before it was reported."), READINGS, LIFE(promise_statuses, promise_step_schema), END};
#undef SELF
KIND(demand, truce_demand, check_entry, NULL, "Acts wanted, and what they must come before.");

#define SELF truce_offer
static const truce_yaml_field offer_fields[] = {HEAD, KNOWN(REQUIRED),
	REF("by", by, REQUIRED, "party", "Who offers."), REF("to", to, REQUIRED, "party", "To whom."),
	PART("gives", gives, LIST, SINGLE | REQUIRED, record_act_schema, "The acts given."),
	PART("for", wants, LIST, SINGLE, record_act_schema, "The acts wanted for them."),
	WORD("mode", mode, 0, offer_modes, "public where not said."), F("words", words, TEXT, 0, "As said, in short."), READINGS,
	LIFE(promise_statuses, promise_step_schema), END};
#undef SELF
KIND(offer, truce_offer, check_entry, NULL, "Acts given for acts.");

#define SELF truce_due_change
#define CHANGE_FIELDS \
	F("known", known, TIME, 0, "Since when it is known; the date of its sources where not said."), \
	F("who", who, TEXT, 0, "Who says so."), REFS("sources", sources, 0, "source", "Who reports it."), \
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people.")
static const truce_yaml_field amended_fields[] = {F("by", by, TIME, REQUIRED, "The new due date."), CHANGE_FIELDS, END};
static const truce_yaml_schema amended_schema = {"amended", sizeof(truce_due_change), AT(truce_due_change, place), amended_fields,
	"A due date moved.", NULL, NULL};
static const truce_yaml_field fulfilled_fields[] = {F("on", on, TIME, REQUIRED, "When."),
	PART("amount", amount, MAYBE, 0, amount_schema, "How much."), F("share", share, NUMBER, 0, "Which share of what was due."),
	CHANGE_FIELDS, END};
#undef SELF
static const truce_yaml_schema fulfilled_schema = {"fulfilled", sizeof(truce_due_change), AT(truce_due_change, place), fulfilled_fields,
	"What was done of it.", NULL, NULL};

#define SELF truce_due
static const truce_yaml_field due_fields[] = {
	F("from", from, TIME, 0, "The first day of the stretch it is owed for."), F("by", by, TIME, REQUIRED, "Due by the end of this day."),
	PART("amount", amount, MAYBE, 0, amount_schema, "How much."), F("what", what, TEXT, 0, "What, in words."),
	PART("amended", amended, LIST, 0, amended_schema, "Due dates moved later."),
	PART("fulfilled", fulfilled, LIST, 0, fulfilled_schema, "What was done of it."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema due_schema = {"due", sizeof(truce_due), AT(truce_due, place), due_fields, "A date by which it is owed.",
	NULL, "by"};

#define SELF truce_confirmation
static const truce_yaml_field confirmation_fields[] = {
	REF("party", party, REQUIRED, "party", "Who."), WORD("stance", stance, 0, stance_words, "confirmed where not said."),
	F("known", known, TIME, 0, "Since when it is known."), REFS("sources", sources, 0, "source", "Who reports it."),
	F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema confirmation_schema = {"confirmation", sizeof(truce_confirmation), AT(truce_confirmation, place),
	confirmation_fields, "Who confirmed it, denied it or would not say.", NULL, "party"};

#define SELF truce_commitment
static const truce_yaml_field commitment_fields[] = {HEAD, KNOWN(REQUIRED),
	REF("by", by, REQUIRED, "party", "Who owes."), REF("to", to, 0, "party", "To whom."),
	PART("owes", owes, LIST, SINGLE | REQUIRED, record_act_schema, "The acts owed."),
	PART("due", due, LIST, SINGLE, due_schema, "By when, and how much by then."),
	REFS("claimed_by", claimed_by, 0, "party", "Who says so, where the one who owes has not."),
	PART("confirmed_by", confirmed_by, LIST, SINGLE, confirmation_schema, "Who confirmed it."),
	REF("truce", truce, 0, "truce", "The truce it is part of."), READINGS, LIFE(promise_statuses, promise_step_schema), END};
#undef SELF
KIND(commitment, truce_commitment, check_entry, NULL, "An act owed by a date.");

#define SELF truce_truce
static const truce_yaml_field truce_fields[] = {HEAD, KNOWN(REQUIRED),
	REFS("between", between, REQUIRED, "party", "The parties."),
	REFS("suspends", suspends, 0, "measure", "The measures it suspends; those of the truce it extends where not said."),
	REFS("covers", covers, 0, "any", "Measures and commitments that it keeps as they are."),
	REF("extends", extends, 0, "truce", "The truce that it carries on."),
	PART("breaks", breaks, LIST, SINGLE, record_condition_schema, "What ends it early."), TEXTS("cites", cites, 0, "Legal citations."), READINGS,
	LIFE(truce_statuses, truce_step_schema), END};
#undef SELF
KIND(truce, truce_truce, check_entry, NULL, "Measures suspended between parties until a date.");

#define SELF truce_person
static const truce_yaml_field person_fields[] = {
	F("name", name, TEXT, REQUIRED, "Who."), F("role", role, TEXT, 0, "As what."), REF("of", of, 0, "party", "For which party."), END};
#undef SELF
static const truce_yaml_schema person_schema = {"person", sizeof(truce_person), AT(truce_person, place), person_fields, "A person.", NULL,
	"name"};

#define SELF truce_meeting
static const truce_yaml_field meeting_fields[] = {HEAD, KNOWN(REQUIRED),
	REFS("parties", parties, REQUIRED, "party", "Who meets."), PART("people", people, LIST, SINGLE, person_schema, "The people."),
	F("place", location, TEXT, 0, "Where."), F("zone", zone, TEXT, 0, "The time zone of its days; the first party's where not said."),
	WORD("level", level, 0, meeting_levels, "Of whom."), WORD("formal", formal, 0, yes_no, "A formal session, where that is undisputed."),
	F("round", round, NUMBER, POSITIVE, "The round it is counted as."), REFS("agenda", agenda, 0, "any", "The records on the table."),
	F("aim", aim, TEXT, 0, "What for."), F("outcome", outcome, TEXT, 0, "What came of it."),
	REFS("outcomes", outcomes, 0, "any", "The records that came of it."), READINGS, LIFE(meeting_statuses, meeting_step_schema), END};
#undef SELF
KIND(meeting, truce_meeting, check_entry, NULL, "Parties that meet, or are said to.");

#define SELF truce_statement
static const truce_yaml_field statement_fields[] = {HEAD, KNOWN(REQUIRED),
	REF("by", by, 0, "party", "The party spoken for."), PART("speaker", speaker, MAYBE, 0, person_schema, "Who spoke."),
	F("asked", asked, TEXT, 0, "What was asked."), F("words", words, TEXT, 0, "What was said, in our words."),
	REFS("asserts", asserts, 0, "any", "Records that it asserts."), REFS("denies", denies, 0, "any", "Records that it denies."),
	REFS("dodges", dodges, 0, "any", "Records that it was asked about and did not answer."),
	F("place", location, TEXT, 0, "Where."), READINGS, END};
#undef SELF
KIND(statement, truce_statement, check_entry, NULL, "Who said what.");

#define SELF truce_quantity
static const truce_yaml_field quantity_fields[] = {
	F("value", value, NUMBER, 0, "The number."), F("low", low, NUMBER, 0, "The low end."), F("high", high, NUMBER, 0, "The high end."),
	F("unit", unit, TEXT, REQUIRED, "Its unit."), F("per", per, TEXT, 0, "Per what time."), F("of", of, TEXT, 0, "What is counted."),
	REFS("measures", measures, 0, "measure", "It is about the sum of these measures' levels."),
	REF("figure", figure, 0, "any", "It is about this figure."), F("on", on, TIME, 0, "For when."),
	F("at_most", at_most, BOOL, 0, "Up to."), F("unsure", unsure, BOOL, 0, "The number itself is vague."), END};
#undef SELF
static int check_quantity(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_quantity *quantity = item;
	check_unit(ctx, node->place, quantity->unit);
	check_range(ctx, node->place, &quantity->value, &quantity->low, &quantity->high);
	if (!quantity->value.set && !(quantity->low.set && quantity->high.set))
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "give value, or low and high", "a quantity without a number");
	return TRUCE_OK;
}
static const truce_yaml_schema quantity_schema = {"quantity", sizeof(truce_quantity), AT(truce_quantity, place), quantity_fields,
	"A number that is claimed.", check_quantity, NULL};

#define SELF truce_claim
static const truce_yaml_field claim_fields[] = {HEAD, KNOWN(REQUIRED),
	F("text", text, TEXT, REQUIRED, "The assertion, in our words."), REF("by", by, 0, "party", "The party that claims."),
	F("who", who, TEXT, 0, "The person or outlet that claims."), REFS("about", about, 0, "any", "The records that it is about."),
	PART("quantity", quantity, MAYBE, 0, quantity_schema, "The number claimed."),
	PART("act", act, MAYBE, 0, record_act_schema, "The act that it asserts."),
	REF("stronger", stronger, 0, "party", "The party said to hold the stronger hand."), READINGS,
	LIFE(claim_statuses, claim_step_schema), END};
#undef SELF
KIND(claim, truce_claim, check_entry, NULL, "An assertion that may be true or not.");

#define SELF truce_dependency
#define AMOUNT(key_, member, doc_) PART(key_, member, MAYBE, 0, amount_schema, doc_)
static const truce_yaml_field dependency_fields[] = {HEAD, KNOWN(REQUIRED),
	REF("by", by, REQUIRED, "party", "Where the user stands."), F("user", user, ID, REQUIRED, "The user: a sector or stage."),
	REF("input", input, REQUIRED, "good", "The input."), REF("from", from, 0, "party", "Where the input comes from."),
	REF("via", via, 0, "dependency", "The dependency whose user supplies this one."),
	AMOUNT("user_share", user_share, "The share of the user's output that needs it; all where not said."),
	AMOUNT("share", share, "The share of the user's supply that comes from there."), AMOUNT("stock", stock, "Days of use in stock."),
	AMOUNT("intensity", intensity, "Input per unit of the user's output, with a unit."),
	AMOUNT("leak", leak, "The share of normal that still comes under a ban."), AMOUNT("leak_lag", leak_lag, "Days until it comes."),
	AMOUNT("surge", surge, "How much other suppliers can add, as a share of their capacity."),
	AMOUNT("surge_time", surge_time, "Days in which they do."),
	AMOUNT("thrift", thrift, "The share of the need that can be designed away."), AMOUNT("thrift_time", thrift_time, "Days in which it is."),
	AMOUNT("licence_lag", licence_lag, "Days that a licence takes."), AMOUNT("annual", annual, "Use a year, with a unit."),
	AMOUNT("fleet", fleet, "Units in service that need it."), AMOUNT("each", each, "Fleets: how many of it a unit carries."),
	AMOUNT("failures", failures, "Fleets: removals a unit in service and year."),
	AMOUNT("repair", repair, "Fleets: the share of removals mended by the party itself."),
	AMOUNT("repair_time", repair_time, "Fleets: days that takes."),
	WORD("criticality", criticality, 0, criticalities, "critical: without it nothing; important: half; other."),
	F("evidence", evidence, TEXT, 0, "On what it rests."), END};
#undef SELF
static int check_dependency(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_dependency *d = item;
	const struct { const truce_amount *amount; const char *what; bool share; } parts[] = {
		{d->share, "share", true}, {d->user_share, "user_share", true}, {d->leak, "leak", true}, {d->thrift, "thrift", true},
		{d->stock, "stock", false}, {d->leak_lag, "leak_lag", false}, {d->surge, "surge", false},
		{d->surge_time, "surge_time", false}, {d->thrift_time, "thrift_time", false}, {d->licence_lag, "licence_lag", false},
		{d->intensity, "intensity", false}, {d->annual, "annual", false}, {d->fleet, "fleet", false},
		{d->each, "each", false}, {d->failures, "failures", false}, {d->repair, "repair", true}, {d->repair_time, "repair_time", false}};
	check_entry(ctx, item, node);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const truce_amount *a = parts[i].amount;
		if (!a)
			continue;
		const truce_yaml_number *numbers[] = {&a->value, &a->low, &a->high};
		for (int k = 0; k < 3; k++) {
			if (numbers[k]->set && numbers[k]->value < 0)
				truce_yaml_say(ctx, TRUCE_ERROR, a->place, "it cannot be below 0", "%s is %s", parts[i].what, numbers[k]->text);
			else if (numbers[k]->set && parts[i].share && numbers[k]->value > 1)
				truce_yaml_say(ctx, TRUCE_ERROR, a->place, "a share lies between 0 and 1: write 0.9 for 90 %", "%s is %s",
					parts[i].what, numbers[k]->text);
		}
	}
	return TRUCE_OK;
}
KIND(dependency, truce_dependency, check_dependency, NULL, "A user's need for an input.");

#define SELF truce_point
static const truce_yaml_field point_fields[] = {
	F("from", from, TIME, REQUIRED, "The first day the point is for."), F("through", through, TIME, 0, "The last day."),
	F("label", label, TEXT, 0, "For people: 2025-05."), F("value", value, NUMBER, REQUIRED, "The number."),
	F("low", low, NUMBER, 0, "The low end."), F("high", high, NUMBER, 0, "The high end."),
	F("known", known, TIME, 0, "Since when it is known; that of the record where not said."),
	REFS("sources", sources, 0, "source", "From where; those of the record where not said."),
	F("unsure", unsure, BOOL, 0, "From memory, or from one secondary source."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema point_schema = {"point", sizeof(truce_point), AT(truce_point, place), point_fields, "A point of a series.",
	check_window, NULL};

#define SELF truce_figure
static const truce_yaml_field figure_fields[] = {HEAD, KNOWN(REQUIRED),
	F("value", value, NUMBER, 0, "The number."), F("low", low, NUMBER, 0, "The low end of the range."),
	F("high", high, NUMBER, 0, "The high end of the range."), F("unit", unit, TEXT, REQUIRED, "Its unit."),
	F("per", per, TEXT, 0, "Per what time: year, month."), F("of", of, TEXT, 0, "What it counts."),
	PART("flow", flow, MAYBE, 0, flow_schema, "Where it measures a flow of goods."),
	F("normal", normal, NUMBER, 0, "The normal level of a series."), PART("series", series, LIST, 0, point_schema, "Its points in time."),
	F("method", method, TEXT, 0, "How it was had."), F("assumption", assumption, BOOL, 0, "Chosen by us, not published."), END};
#undef SELF
static int check_figure(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const truce_figure *figure = item;
	check_entry(ctx, item, node);
	if (!figure->value.set && !(figure->low.set && figure->high.set) && figure->series.count == 0)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "give value, low and high, or a series", "a figure without a number");
	check_range(ctx, node->place, &figure->value, &figure->low, &figure->high);
	check_unit(ctx, node->place, figure->unit);
	if (figure->head.sources.count == 0 && !figure->head.unsure && !figure->assumption)
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "add sources, unsure: true, or assumption: true", "a number without a source");
	return TRUCE_OK;
}
KIND(figure, truce_figure, check_figure, NULL, "A published number.");
static const truce_yaml_schema parameter_schema = {"parameter", sizeof(truce_figure), AT(truce_figure, head.place), figure_fields,
	"A number that a model needs.", check_figure, NULL};

#define SELF truce_stacking_class
static const truce_yaml_field stacking_class_fields[] = {
	F("class", id, ID, REQUIRED, "The class."), F("name", name, TEXT, 0, "For people."),
	WORD("combine", combine, 0, combines, "Within the class: sum (where not said), the highest, the lowest."),
	TEXTS("gives_way_to", gives_way_to, 0, "Classes; where one of them is levied on a good, this one is not."),
	WORD("on", on, 0, bases, "Gives way on the whole value, or on the content share that the other is levied on."),
	REFS("authorities", authorities, 0, "authority", "Measures that stand on these are of the class unless they say another."),
	REFS("against", against, 0, "party", "The origins for which the row holds; all where not said."),
	REFS("except", except, 0, "party", "The origins for which it does not."),
	F("citation", citation, TEXT, 0, "Where the law says so."), F("note", note, TEXT, 0, "For people."), END};
#undef SELF
static const truce_yaml_schema stacking_class_schema = {"stacking_class", sizeof(truce_stacking_class), AT(truce_stacking_class, place),
	stacking_class_fields, "How one class of duties stands on the others.", NULL, NULL};

#define SELF truce_stacking
static const truce_yaml_field stacking_fields[] = {HEAD, KNOWN(0),
	REF("into", into, REQUIRED, "party", "The party that levies."),
	PART("classes", classes, LIST, REQUIRED, stacking_class_schema, "The classes."), TEXTS("cites", cites, 0, "Legal citations."), END};
#undef SELF
KIND(stacking, truce_stacking, check_entry, NULL, "How the duties of one party stand on one another, for an era.");

const truce_yaml_schema *const record_schemas[TRUCE_RECORD_KINDS] = {&party_schema, &good_schema, &source_schema, &authority_schema,
	&measure_schema, &threat_schema, &demand_schema, &offer_schema, &commitment_schema, &truce_schema, &meeting_schema,
	&statement_schema, &claim_schema, &dependency_schema, &figure_schema, &parameter_schema, &stacking_schema};

/* A file: any kinds, each a map from id to record.  Read entry by entry by the loader; the table serves the JSON Schema. */
struct record_file {
	truce_yaml_list maps[TRUCE_RECORD_KINDS];
};
#define SELF struct record_file
#define MAP_OF(kind_, key_, schema_) \
	{.key = (key_), .type = TRUCE_YAML_MAP, .offset = AT(SELF, maps[kind_]), .of = &(schema_)}
static const truce_yaml_field file_fields[] = {
	MAP_OF(TRUCE_PARTY, "parties", party_schema),
	MAP_OF(TRUCE_GOOD, "goods", good_schema),
	MAP_OF(TRUCE_SOURCE, "sources", source_schema),
	MAP_OF(TRUCE_AUTHORITY, "authorities", authority_schema),
	MAP_OF(TRUCE_MEASURE, "measures", measure_schema),
	MAP_OF(TRUCE_THREAT, "threats", threat_schema),
	MAP_OF(TRUCE_DEMAND, "demands", demand_schema),
	MAP_OF(TRUCE_OFFER, "offers", offer_schema),
	MAP_OF(TRUCE_COMMITMENT, "commitments", commitment_schema),
	MAP_OF(TRUCE_TRUCE, "truces", truce_schema),
	MAP_OF(TRUCE_MEETING, "meetings", meeting_schema),
	MAP_OF(TRUCE_STATEMENT, "statements", statement_schema),
	MAP_OF(TRUCE_CLAIM, "claims", claim_schema),
	MAP_OF(TRUCE_DEPENDENCY, "dependencies", dependency_schema),
	MAP_OF(TRUCE_FIGURE, "figures", figure_schema),
	MAP_OF(TRUCE_PARAMETER, "parameters", parameter_schema),
	MAP_OF(TRUCE_STACKING, "stackings", stacking_schema),
	END};
#undef SELF
const truce_yaml_schema record_file_schema = {"record", sizeof(struct record_file), NONE, file_fields,
	"A file of a record: any kinds, each a map from id to entry; ids are unique across kinds.", NULL, NULL};
