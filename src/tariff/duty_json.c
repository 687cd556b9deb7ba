/* duty_json.c: a duty as JSON (tariff room). */
#include <truce/tariff.h>

#include <math.h>


static void number_or_null(truce_json *json, const char *key, double value)
{
	truce_json_number(json, key, value); /* not finite: null */
}

static void layers_to_json(truce_json *json, const char *key, const truce_tariff_layer *layers, size_t count)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++) {
		const truce_tariff_layer *layer = &layers[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "id", layer->id);
		truce_json_text(json, "name", layer->name);
		truce_json_text(json, "authority", layer->authority);
		number_or_null(json, "ad_valorem", layer->ad_valorem);
		if (isnan(layer->ad_valorem)) {
			truce_json_open(json, "ad_valorem_range", '[');
			number_or_null(json, NULL, layer->low);
			number_or_null(json, NULL, layer->high);
			truce_json_close(json, ']');
		}
		truce_json_text(json, "specific", layer->specific);
		truce_json_text(json, "citation", layer->citation);
		number_or_null(json, "usd", layer->usd);
		if (layer->refundable)
			truce_json_bool(json, "refundable", true);
		if (layer->note)
			truce_json_text(json, "note", layer->note);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void words_to_json(truce_json *json, const char *key, const char **list, size_t count)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++)
		truce_json_text(json, NULL, list[i]);
	truce_json_close(json, ']');
}

double truce_tariff_refundable_usd(const truce_tariff_duty *duty)
{
	double sum = 0;
	for (size_t i = 0; i < duty->layer_count; i++)
		if (duty->layers[i].refundable)
			sum += duty->layers[i].usd;
	return sum;
}

void truce_tariff_duty_to_json(truce_json *json, const char *key, const truce_tariff_duty *duty)
{
	truce_json_open(json, key, '{');
	truce_tariff_duty_fields_to_json(json, duty);
	truce_json_close(json, '}');
}

void truce_tariff_duty_fields_to_json(truce_json *json, const truce_tariff_duty *duty)
{
	char time[32];
	truce_json_text(json, "good", duty->good);
	truce_json_text(json, "from", duty->from);
	truce_json_text(json, "into", duty->into);
	truce_json_text(json, "on", truce_time_format(time, &duty->clocks.on));
	truce_json_text(json, "known", truce_time_format(time, &duty->clocks.known));
	truce_json_text(json, "view", duty->clocks.view == TRUCE_VIEW_LAWFUL ? "lawful" : "applied");
	number_or_null(json, "ad_valorem", duty->ad_valorem);
	if (isnan(duty->ad_valorem)) {
		truce_json_open(json, "ad_valorem_range", '[');
		number_or_null(json, NULL, duty->low);
		number_or_null(json, NULL, duty->high);
		truce_json_close(json, ']');
		words_to_json(json, "needs", duty->needs, duty->need_count);
	}
	number_or_null(json, "duty_usd", duty->usd);
	if (!isnan(duty->usd_low)) {
		truce_json_open(json, "duty_usd_range", '[');
		number_or_null(json, NULL, duty->usd_low);
		number_or_null(json, NULL, duty->usd_high);
		truce_json_close(json, ']');
	}
	truce_json_number(json, "refundable", duty->refundable);
	if (duty->refundable > 0)
		number_or_null(json, "refundable_usd", truce_tariff_refundable_usd(duty));
	layers_to_json(json, "layers", duty->layers, duty->layer_count);
	layers_to_json(json, "aside", duty->aside, duty->aside_count);
	words_to_json(json, "conditions", duty->conditions, duty->condition_count);
	words_to_json(json, "assumptions", duty->assumptions, duty->assumption_count);
}
