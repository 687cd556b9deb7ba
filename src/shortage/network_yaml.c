/* shortage: a network written by hand, as YAML, and its run as JSON.
 *
 * What the schema cannot say (matrices, lists of pairs, names of sectors) is read here from the nodes.  Every error
 * of a file is reported, each at its place. */
#include <truce/shortage.h>

#include <math.h>
#include <string.h>

#define MOST_SECTORS 5000
#define MOST_BANS 1000
#define MOST_STEPS 200000
#define MOST_CELLS 100000000 /* sectors x steps, as printed */

/* ---- the file as the schema reads it ------------------------------------------------------------------------ */

struct settings_item {
	truce_place place;
	int production, rationing;
	truce_yaml_number adjust, hire, fire, smooth, benefit, step;
};

struct shock_item {
	truce_place place;
	const char *capacity_of;
	truce_yaml_number loss, from, to;
};

struct ban_item {
	truce_place place;
	const char *input, *user;
	const truce_yaml_node *licence_rate;
	truce_yaml_number from, to, leak, leak_lag;
};

struct surge_item {
	truce_place place;
	const char *capacity_of;
	truce_yaml_number share, time, from;
};

struct thrift_item {
	truce_place place;
	const char *input, *user;
	truce_yaml_number cut, time, from;
};

struct file_item {
	truce_place place;
	truce_yaml_list sectors;
	const truce_yaml_node *output, *coefficients, *labour, *consumption, *other_demand, *stock_days, *critical, *important,
		*priority;
	struct settings_item settings;
	truce_yaml_list shocks, bans, surges, thrifts;
	truce_yaml_number steps;
};

#define PRODUCTION_WORD(name, word) word,
static const char *const production_words[] = {TRUCE_SHORTAGE_PRODUCTION_LIST(PRODUCTION_WORD) NULL};
#undef PRODUCTION_WORD
static const char *const rationing_words[] = {"pro_rata", "efficient", NULL};

#define AT(type, member) offsetof(struct type, member)
#define NUMBER(type, member, more, text) {#member, TRUCE_YAML_NUMBER, AT(type, member), more, NULL, NULL, NULL, text}

static const truce_yaml_field settings_fields[] = {
	{"production", TRUCE_YAML_ENUM, AT(settings_item, production), 0, NULL, production_words, NULL,
		"how inputs that run short hold output back"},
	{"rationing", TRUCE_YAML_ENUM, AT(settings_item, rationing), 0, NULL, rationing_words, NULL,
		"who is served first when there is not enough"},
	NUMBER(settings_item, adjust, TRUCE_YAML_POSITIVE, "days in which a gap of stock is refilled"),
	NUMBER(settings_item, hire, TRUCE_YAML_SHARE, "share of the gap of labour hired a day"),
	NUMBER(settings_item, fire, TRUCE_YAML_SHARE, "share of the gap of labour dismissed a day"),
	NUMBER(settings_item, smooth, TRUCE_YAML_SHARE, "how much of yesterday's consumption stays, in logarithms"),
	NUMBER(settings_item, benefit, TRUCE_YAML_SHARE, "share of lost labour income that is replaced"),
	NUMBER(settings_item, step, TRUCE_YAML_POSITIVE, "days a step"),
	{0},
};
static const truce_yaml_schema settings_schema = {"network settings", sizeof(struct settings_item),
	AT(settings_item, place), settings_fields, "how the network answers", NULL, NULL};

static const truce_yaml_field shock_fields[] = {
	{"capacity_of", TRUCE_YAML_TEXT, AT(shock_item, capacity_of), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "the sector"},
	NUMBER(shock_item, loss, TRUCE_YAML_REQUIRED | TRUCE_YAML_SHARE, "share of its capacity"),
	NUMBER(shock_item, from, 0, "first day"),
	NUMBER(shock_item, to, 0, "last day"),
	{0},
};
static const truce_yaml_schema shock_schema = {"network shock", sizeof(struct shock_item), AT(shock_item, place),
	shock_fields, "capacity lost for some days", NULL, NULL};

static const truce_yaml_field ban_fields[] = {
	{"input", TRUCE_YAML_TEXT, AT(ban_item, input), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "the sector that sells"},
	{"user", TRUCE_YAML_TEXT, AT(ban_item, user), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "the sector that buys"},
	{"licence_rate", TRUCE_YAML_NODE, AT(ban_item, licence_rate), 0, NULL, NULL, NULL,
		"flow allowed against normal flow: a share, or [[day, share], ...] counted from the first day"},
	NUMBER(ban_item, from, 0, "first day"),
	NUMBER(ban_item, to, 0, "last day"),
	NUMBER(ban_item, leak, TRUCE_YAML_SHARE, "share of normal flow that comes round the ban"),
	NUMBER(ban_item, leak_lag, 0, "days until it does"),
	{0},
};
static const truce_yaml_schema ban_schema = {"network ban", sizeof(struct ban_item), AT(ban_item, place), ban_fields,
	"one edge held back", NULL, NULL};

static const truce_yaml_field surge_fields[] = {
	{"capacity_of", TRUCE_YAML_TEXT, AT(surge_item, capacity_of), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "the sector"},
	NUMBER(surge_item, share, TRUCE_YAML_REQUIRED, "share of capacity added in the end"),
	NUMBER(surge_item, time, TRUCE_YAML_REQUIRED | TRUCE_YAML_POSITIVE, "days to 63 % of it"),
	NUMBER(surge_item, from, 0, "first day"),
	{0},
};
static const truce_yaml_schema surge_schema = {"network surge", sizeof(struct surge_item), AT(surge_item, place),
	surge_fields, "capacity that grows", NULL, NULL};

static const truce_yaml_field thrift_fields[] = {
	{"input", TRUCE_YAML_TEXT, AT(thrift_item, input), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "the sector that sells"},
	{"user", TRUCE_YAML_TEXT, AT(thrift_item, user), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "the sector that redesigns"},
	NUMBER(thrift_item, cut, TRUCE_YAML_REQUIRED | TRUCE_YAML_SHARE, "share of the use saved in the end"),
	NUMBER(thrift_item, time, TRUCE_YAML_REQUIRED | TRUCE_YAML_POSITIVE, "days to 63 % of it"),
	NUMBER(thrift_item, from, 0, "first day"),
	{0},
};
static const truce_yaml_schema thrift_schema = {"network thrift", sizeof(struct thrift_item), AT(thrift_item, place),
	thrift_fields, "use that falls as users redesign", NULL, NULL};

#define NODE(member, more, text) {#member, TRUCE_YAML_NODE, AT(file_item, member), more, NULL, NULL, NULL, text}
static const truce_yaml_field file_fields[] = {
	{"sectors", TRUCE_YAML_TEXTS, AT(file_item, sectors), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "names, in order"},
	NODE(output, TRUCE_YAML_REQUIRED, "normal output a day, by sector"),
	NODE(coefficients, TRUCE_YAML_REQUIRED, "rows suppliers, columns users: input per unit of output"),
	NODE(labour, TRUCE_YAML_REQUIRED, "normal labour, by sector"),
	NODE(consumption, TRUCE_YAML_REQUIRED, "by households, by sector"),
	NODE(other_demand, TRUCE_YAML_REQUIRED, "by other final buyers, by sector"),
	NODE(stock_days, TRUCE_YAML_REQUIRED, "days of normal use in stock, by using sector"),
	NODE(critical, 0, "[[input, user], ...] that stop the user when they run out"),
	NODE(important, 0, "[[input, user], ...] that halve it"),
	NODE(priority, 0, "who is served first when rationing is efficient, by sector: the higher the earlier"),
	{"settings", TRUCE_YAML_STRUCT, AT(file_item, settings), 0, &settings_schema, NULL, NULL, "how the network answers"},
	{"shocks", TRUCE_YAML_LIST, AT(file_item, shocks), 0, &shock_schema, NULL, NULL, "capacity lost"},
	{"bans", TRUCE_YAML_LIST, AT(file_item, bans), 0, &ban_schema, NULL, NULL, "edges held back"},
	{"surge", TRUCE_YAML_LIST, AT(file_item, surges), 0, &surge_schema, NULL, NULL, "capacity that grows"},
	{"thrift", TRUCE_YAML_LIST, AT(file_item, thrifts), 0, &thrift_schema, NULL, NULL, "use that falls"},
	{"steps", TRUCE_YAML_NUMBER, AT(file_item, steps), TRUCE_YAML_REQUIRED | TRUCE_YAML_POSITIVE, NULL, NULL, NULL,
		"how many steps to run"},
	{0},
};
static const truce_yaml_schema file_schema = {"network", sizeof(struct file_item), AT(file_item, place), file_fields,
	"sectors that sell to each other, and what strikes them", NULL, NULL};

const truce_yaml_schema *truce_shortage_case_schema(void)
{
	return &file_schema;
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

struct reader {
	truce_context *ctx;
	truce_arena *arena;
	size_t n;
	const char *const *sector;
	int status;
};

static void bad(struct reader *r, truce_place place, const char *remedy, const char *what, const char *name)
{
	truce_yaml_say(r->ctx, TRUCE_ERROR, place, remedy, what, name);
	r->status = TRUCE_INPUT;
}

static double number(struct reader *r, const truce_yaml_node *node)
{
	double value = 0;

	if (node->type != TRUCE_NODE_SCALAR || truce_parse_double(node->text, node->length, &value))
		bad(r, node->place, NULL, "expected a number%s", "");
	return value;
}

/* The sector of that name, or `n` after saying that there is none. */
static size_t sector(struct reader *r, const char *name, truce_place place)
{
	const char *near;

	for (size_t i = 0; i < r->n; i++)
		if (!strcmp(r->sector[i], name))
			return i;
	near = truce_nearest(name, r->sector, r->n);
	bad(r, place, near ? truce_arena_printf(r->arena, "is \"%s\" meant?", near) : NULL, "no sector is named \"%s\"", name);
	return r->n;
}

/* Numbers by sector: a list in the order of `sectors`, a mapping by name, or one number for all. */
static double *by_sector(struct reader *r, const truce_yaml_node *node, const char *what, bool one_for_all)
{
	double *value = truce_arena_array(r->arena, r->n, sizeof *value);

	if (!value) {
		r->status = TRUCE_MEMORY;
		return NULL;
	}
	if (!node)
		return value;
	if (node->type == TRUCE_NODE_SCALAR && one_for_all) {
		double all = number(r, node);
		for (size_t i = 0; i < r->n; i++)
			value[i] = all;
	} else if (node->type == TRUCE_NODE_MAPPING) {
		if (node->count != r->n)
			bad(r, node->place, NULL, "%s: give one number for each sector", what);
		for (size_t i = 0; i < node->count; i++) {
			size_t s = node->items[2 * i]->text ? sector(r, node->items[2 * i]->text, node->items[2 * i]->place) : r->n;
			double v = number(r, node->items[2 * i + 1]);
			if (s < r->n)
				value[s] = v;
		}
	} else if (node->type == TRUCE_NODE_SEQUENCE && node->count == r->n) {
		for (size_t i = 0; i < r->n; i++)
			value[i] = number(r, node->items[i]);
	} else {
		bad(r, node->place, "as many numbers as there are sectors, in their order", "%s: give one number for each sector", what);
	}
	return value;
}

/* Marks the pairs [input, user] of a list in an n x n table. */
static void pairs(struct reader *r, const truce_yaml_node *node, const double *coefficient, uint8_t *table, uint8_t mark)
{
	if (!node)
		return;
	if (node->type != TRUCE_NODE_SEQUENCE) {
		bad(r, node->place, "[[input, user], ...]", "expected a list of pairs%s", "");
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const truce_yaml_node *pair = node->items[i];
		if (pair->type != TRUCE_NODE_SEQUENCE || pair->count != 2 || pair->items[0]->type != TRUCE_NODE_SCALAR ||
			pair->items[1]->type != TRUCE_NODE_SCALAR) {
			bad(r, pair->place, "[input, user]", "expected a pair of sectors%s", "");
			continue;
		}
		size_t input = sector(r, pair->items[0]->text, pair->items[0]->place);
		size_t user = sector(r, pair->items[1]->text, pair->items[1]->place);
		if (input == r->n || user == r->n)
			continue;
		if (!(coefficient[input * r->n + user] > 0)) {
			truce_yaml_say(r->ctx, TRUCE_ERROR, pair->place, "give it a coefficient, or leave the pair out",
				"\"%s\" uses no \"%s\"", r->sector[user], r->sector[input]);
			r->status = TRUCE_INPUT;
		} else if (table[input * r->n + user]) {
			bad(r, pair->place, "name each pair once, as critical or as important", "\"%s\" is named twice", r->sector[input]);
		}
		table[input * r->n + user] = mark;
	}
}

static double *matrix(struct reader *r, const truce_yaml_node *node)
{
	double *a = truce_arena_array(r->arena, r->n * r->n, sizeof *a);

	if (!a) {
		r->status = TRUCE_MEMORY;
		return NULL;
	}
	if (node->type != TRUCE_NODE_SEQUENCE || node->count != r->n) {
		bad(r, node->place, "one row for each supplier", "coefficients: give as many rows as there are sectors%s", "");
		return a;
	}
	for (size_t i = 0; i < r->n; i++) {
		const truce_yaml_node *row = node->items[i];
		if (row->type != TRUCE_NODE_SEQUENCE || row->count != r->n) {
			bad(r, row->place, "one number for each user", "the coefficients of \"%s\": give one number for each sector",
				r->sector[i]);
			continue;
		}
		for (size_t j = 0; j < r->n; j++) {
			double value = number(r, row->items[j]);
			if (!(value >= 0 && value <= 1)) {
				truce_yaml_say(r->ctx, TRUCE_ERROR, row->items[j]->place, "a coefficient lies in [0, 1]",
					"\"%s\" uses \"%s\" with a share of %g", r->sector[j], r->sector[i], value);
				r->status = TRUCE_INPUT;
			}
			a[i * r->n + j] = value;
		}
	}
	return a;
}

/* The whole table as a network: a market a sector; only the needs with a coefficient above 0. */
static int build(struct reader *r, truce_shortage_network *net, const struct file_item *file)
{
	size_t n = r->n, needs = 0, k = 0;
	double *a = matrix(r, file->coefficients);
	double *output = by_sector(r, file->output, "output", false);
	double *labour = by_sector(r, file->labour, "labour", false);
	double *consumption = by_sector(r, file->consumption, "consumption", false);
	double *other = by_sector(r, file->other_demand, "other_demand", false);
	double *days = by_sector(r, file->stock_days, "stock_days", true);
	double *priority = by_sector(r, file->priority, "priority", false);
	uint8_t *marks = truce_arena_array(r->arena, n * n, 1);

	if (!a || !output || !labour || !consumption || !other || !days || !priority || !marks)
		return TRUCE_MEMORY;
	pairs(r, file->critical, a, marks, TRUCE_SHORTAGE_CRITICAL);
	pairs(r, file->important, a, marks, TRUCE_SHORTAGE_IMPORTANT);
	if (r->status)
		return r->status;
	for (size_t i = 0; i < n * n; i++)
		needs += a[i] > 0;
	net->cells = net->markets = net->links = n;
	net->needs = needs;
	net->households = 1;
	net->cell = truce_arena_array(r->arena, n, sizeof *net->cell);
	net->need = truce_arena_array(r->arena, needs, sizeof *net->need);
	net->need_begin = truce_arena_array(r->arena, n + 1, sizeof *net->need_begin);
	net->market = truce_arena_array(r->arena, n + 1, sizeof *net->market);
	net->link = truce_arena_array(r->arena, n, sizeof *net->link);
	if (!net->cell || !net->need || !net->need_begin || !net->market || !net->link)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < n; i++) {
		double inputs = 0, sold = consumption[i] + other[i];
		net->need_begin[i] = k;
		for (size_t j = 0; j < n; j++) {
			sold += a[i * n + j] * output[j];
			if (!(a[j * n + i] > 0))
				continue;
			inputs += a[j * n + i];
			net->need[k++] = (truce_shortage_need){.user = (uint32_t)i, .market = (uint32_t)j, .coefficient = a[j * n + i],
				.stock_days = days[i], .exposed = 1, .critical = marks[j * n + i], .priority = priority[i]};
		}
		double gap = output[i] - sold;
		if (fabs(gap) > 1e-9 * output[i] && fabs(gap) <= 1e-3 * output[i] && other[i] + gap >= 0) {
			truce_yaml_say(r->ctx, TRUCE_WARNING, file->other_demand->place, NULL,
				"\"%s\" makes %.10g and sells %.10g: its other demand is taken as %.10g", r->sector[i], output[i], sold,
				other[i] + gap);
			other[i] += gap;
		}
		net->cell[i] = (truce_shortage_cell){.name = r->sector[i], .output = output[i], .labour = labour[i],
			.value_added = 1 - inputs};
		net->market[i] = (truce_shortage_market){.name = r->sector[i], .link_begin = i, .consumption = consumption[i],
			.other_demand = other[i]};
		net->link[i] = (truce_shortage_link){(uint32_t)i, 1};
	}
	net->need_begin[n] = k;
	net->market[n].link_begin = n;
	return TRUCE_OK;
}

/* The need of a user for an input, or `needs` after saying that there is none. */
static size_t need_of(struct reader *r, const truce_shortage_network *net, const char *input_name, const char *user_name,
	truce_place place)
{
	size_t input = sector(r, input_name, place), user = sector(r, user_name, place);

	if (input == r->n || user == r->n)
		return net->needs;
	for (size_t k = net->need_begin[user]; k < net->need_begin[user + 1]; k++)
		if (net->link[net->market[net->need[k].market].link_begin].seller == input)
			return k;
	truce_yaml_say(r->ctx, TRUCE_ERROR, place, "ban an edge that has a coefficient", "\"%s\" uses no \"%s\"", user_name,
		input_name);
	r->status = TRUCE_INPUT;
	return net->needs;
}

static void licence(struct reader *r, truce_shortage_ban *ban, const truce_yaml_node *node)
{
	truce_shortage_rate *rate;

	if (!node)
		return;
	if (node->type == TRUCE_NODE_SCALAR) {
		ban->licence_rate = number(r, node);
		if (!(ban->licence_rate >= 0 && ban->licence_rate <= 1))
			bad(r, node->place, "a share of normal flow, in [0, 1]", "a licence rate cannot be that%s", "");
		return;
	}
	if (node->type != TRUCE_NODE_SEQUENCE || !node->count) {
		bad(r, node->place, "a share, or [[day, share], ...]", "expected a licence rate%s", "");
		return;
	}
	if (!(rate = truce_arena_array(r->arena, node->count, sizeof *rate))) {
		r->status = TRUCE_MEMORY;
		return;
	}
	for (size_t p = 0; p < node->count; p++) {
		const truce_yaml_node *pair = node->items[p];
		if (pair->type != TRUCE_NODE_SEQUENCE || pair->count != 2) {
			bad(r, pair->place, "[day, share]", "expected a pair%s", "");
			return;
		}
		rate[p].day = number(r, pair->items[0]);
		rate[p].rate = number(r, pair->items[1]);
		if (!(rate[p].rate >= 0 && rate[p].rate <= 1) || (p && rate[p].day < rate[p - 1].day)) {
			bad(r, pair->place, "days run forward, shares lie in [0, 1]", "a licence rate cannot be that%s", "");
			return;
		}
	}
	ban->rate = rate;
	ban->points = node->count;
}

static double number_or(truce_yaml_number given, double otherwise)
{
	return given.set ? given.value : otherwise;
}

static void period(struct reader *r, double from, double to, truce_place place)
{
	if (from > to)
		bad(r, place, "the last day is not before the first", "a period ends before it begins%s", "");
}

static int events(struct reader *r, truce_shortage_case *item, const struct file_item *file)
{
	truce_shortage_network *net = &item->network;
	double end = (double)item->steps * item->settings.step;
	truce_shortage_loss *loss = truce_arena_array(r->arena, file->shocks.count, sizeof *loss);
	truce_shortage_ban *ban = truce_arena_array(r->arena, file->bans.count, sizeof *ban);
	truce_shortage_surge *surge = truce_arena_array(r->arena, file->surges.count, sizeof *surge);
	truce_shortage_thrift *thrift = truce_arena_array(r->arena, file->thrifts.count, sizeof *thrift);

	if (!loss || !ban || !surge || !thrift)
		return TRUCE_MEMORY;
	if (file->bans.count > MOST_BANS) {
		bad(r, file->place, "at most 1,000", "too many bans%s", "");
		return TRUCE_INPUT;
	}
	for (size_t i = 0; i < file->shocks.count; i++) {
		const struct shock_item *s = (const struct shock_item *)file->shocks.items + i;
		loss[i] = (truce_shortage_loss){(uint32_t)sector(r, s->capacity_of, s->place), s->loss.value, number_or(s->from, 0),
			number_or(s->to, end)};
		period(r, loss[i].from, loss[i].to, s->place);
	}
	for (size_t i = 0; i < file->bans.count; i++) {
		const struct ban_item *b = (const struct ban_item *)file->bans.items + i;
		size_t k = need_of(r, net, b->input, b->user, b->place);
		ban[i] = (truce_shortage_ban){.seller = TRUCE_SHORTAGE_ALL, .from = number_or(b->from, 0), .to = number_or(b->to, end),
			.leak = number_or(b->leak, 0), .leak_lag = number_or(b->leak_lag, 0), .reroute_lag = INFINITY};
		period(r, ban[i].from, ban[i].to, b->place);
		if (ban[i].leak_lag < 0)
			bad(r, b->place, NULL, "a lag is 0 days or more%s", "");
		licence(r, &ban[i], b->licence_rate);
		if (k < net->needs && !r->status) {
			int status = truce_shortage_network_isolate(r->ctx, r->arena, net, k, &ban[i].market);
			if (status)
				return status;
		}
	}
	for (size_t i = 0; i < file->surges.count; i++) {
		const struct surge_item *s = (const struct surge_item *)file->surges.items + i;
		surge[i] = (truce_shortage_surge){(uint32_t)sector(r, s->capacity_of, s->place), s->share.value, s->time.value,
			number_or(s->from, 0)};
		if (!(surge[i].share >= 0 && surge[i].share < 1e6))
			bad(r, s->place, NULL, "the surge of \"%s\" must be a share of 0 or more", s->capacity_of);
	}
	for (size_t i = 0; i < file->thrifts.count; i++) {
		const struct thrift_item *t = (const struct thrift_item *)file->thrifts.items + i;
		thrift[i] = (truce_shortage_thrift){need_of(r, net, t->input, t->user, t->place), t->cut.value, t->time.value,
			number_or(t->from, 0)};
		if (!(thrift[i].cut < 1))
			bad(r, t->place, "less than all", "\"%s\" cannot do without its input by thrift alone", t->user);
	}
	item->scenario = (truce_shortage_scenario){file->shocks.count, file->bans.count, file->surges.count, file->thrifts.count,
		loss, ban, surge, thrift};
	return r->status;
}

static void settings_of(truce_shortage_settings *out, const struct settings_item *given)
{
	truce_shortage_settings_default(out);
	/* the struct may have been left zeroed where the whole mapping is absent: no line, no words */
	if (!given->place.line)
		return;
	if (given->production >= 0)
		out->production = (truce_shortage_production)given->production;
	if (given->rationing >= 0)
		out->rationing = (truce_shortage_rationing)given->rationing;
	out->adjust = number_or(given->adjust, out->adjust);
	out->hire = number_or(given->hire, out->hire);
	out->fire = number_or(given->fire, out->fire);
	out->smooth = number_or(given->smooth, out->smooth);
	out->benefit = number_or(given->benefit, out->benefit);
	out->step = number_or(given->step, out->step);
}

int truce_shortage_case_read(truce_context *ctx, truce_shortage_case **out, const char *name, const char *text,
	size_t length)
{
	struct file_item file = {0};
	struct reader r = {.ctx = ctx};
	const truce_yaml_node *root;
	truce_shortage_case *item;
	int status;

	*out = NULL;
	if ((status = truce_arena_new(ctx, &r.arena)))
		return status;
	status = TRUCE_MEMORY;
	if (!(item = truce_arena_array(r.arena, 1, sizeof *item)))
		goto done;
	item->arena = r.arena;
	if ((status = truce_yaml_read(ctx, r.arena, &root, name, text, length, NULL)) ||
		(status = truce_yaml_fill(ctx, r.arena, &file, &file_schema, root)))
		goto done;
	r.n = file.sectors.count;
	r.sector = file.sectors.items;
	if (!r.n || r.n > MOST_SECTORS) {
		bad(&r, file.place, "between one and 5,000", "too many sectors, or none%s", "");
		status = TRUCE_INPUT;
		goto done;
	}
	for (size_t i = 0; i < r.n; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(r.sector[i], r.sector[j]))
				bad(&r, file.place, NULL, "the sector \"%s\" stands twice", r.sector[i]);
	double steps = file.steps.value;
	if (steps != floor(steps) || steps > MOST_STEPS || steps * (double)r.n > MOST_CELLS)
		bad(&r, file.place, "a whole number, at most 200,000", "so many steps cannot be run%s", "");
	if ((status = r.status))
		goto done;
	item->steps = (size_t)steps;
	settings_of(&item->settings, &file.settings);
	if ((status = build(&r, &item->network, &file)) || (status = events(&r, item, &file)) ||
		(status = truce_shortage_network_check(ctx, &item->network)))
		goto done;
	*out = item;
	r.arena = NULL;
done:
	truce_arena_free(r.arena);
	return status;
}

void truce_shortage_case_free(truce_shortage_case *item)
{
	if (item)
		truce_arena_free(item->arena);
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

int truce_shortage_case_to_json(truce_context *ctx, truce_json *json, const truce_shortage_case *item)
{
	const truce_shortage_network *net = &item->network;
	truce_shortage_sim *sim;
	int status = truce_shortage_new(ctx, &sim, net, &item->settings, &item->scenario);

	if (status)
		return status;
	truce_json_open(json, NULL, '{');
	truce_json_open(json, "steps", '[');
	for (size_t t = 0; t < item->steps && !status; t++) {
		if (t % 32 == 0 && truce_cancelled(ctx))
			status = TRUCE_CANCELLED;
		truce_shortage_step(sim);
		truce_json_open(json, NULL, '{');
		truce_json_integer(json, "t", (int64_t)t);
		truce_json_open(json, "output", '{');
		for (size_t i = 0; i < net->cells; i++)
			truce_json_number(json, net->cell[i].name, truce_shortage_output(sim)[i]);
		truce_json_close(json, '}');
		truce_json_open(json, "allowed", '{'); /* null: no input can bind */
		for (size_t i = 0; i < net->cells; i++) {
			double allowed = truce_shortage_allowed(sim)[i];
			truce_json_number(json, net->cell[i].name, allowed < 1e299 ? allowed : NAN);
		}
		truce_json_close(json, '}');
		truce_json_number(json, "clipped", truce_shortage_clipped(sim));
		truce_json_number(json, "unmet", truce_shortage_unmet(sim));
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_close(json, '}');
	truce_shortage_free(sim);
	return status;
}

int truce_shortage_case_to_text(truce_context *ctx, truce_text *out, const truce_shortage_case *item, bool csv)
{
	const truce_shortage_network *net = &item->network;
	truce_shortage_sim *sim;
	double lost = 0;
	int status = truce_shortage_new(ctx, &sim, net, &item->settings, &item->scenario);

	if (status)
		return status;
	truce_text_add(out, csv ? "t" : "output, and in brackets what inputs allow where that is less than normal\n     t");
	for (size_t i = 0; i < net->cells; i++) {
		if (csv) {
			truce_text_add(out, ",");
			truce_csv_write_field(out, net->cell[i].name);
		} else {
			truce_text_addf(out, " %20s", net->cell[i].name);
		}
	}
	truce_text_add(out, "\n");
	for (size_t t = 0; t < item->steps && !status; t++) {
		if (t % 32 == 0 && truce_cancelled(ctx))
			status = TRUCE_CANCELLED;
		truce_shortage_step(sim);
		for (size_t i = 0; i < net->cells; i++)
			lost += item->settings.step * (net->cell[i].output - truce_shortage_output(sim)[i]);
		if (!csv && t % 7 && t + 1 < item->steps)
			continue;
		truce_text_addf(out, csv ? "%zu" : "%6zu", t);
		for (size_t i = 0; i < net->cells; i++) {
			double x = truce_shortage_output(sim)[i], allowed = truce_shortage_allowed(sim)[i];
			char number[32];
			if (csv)
				truce_text_addf(out, ",%s", truce_format_double(number, x));
			else if (allowed < net->cell[i].output)
				truce_text_addf(out, " %10.2f (%7.1f)", x, allowed);
			else
				truce_text_addf(out, " %10.2f          ", x);
		}
		truce_text_add(out, "\n");
	}
	if (!csv)
		truce_text_addf(out, "lost in all: %.2f\n", lost);
	truce_shortage_free(sim);
	return status;
}
