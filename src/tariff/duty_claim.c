/* duty_claim.c: what is said of the very good (tariff room): that it claims a programme or an exemption, how much of its value
 * is a content. */
#include "duty_private.h"

#include <math.h>
#include <string.h>

static bool is_programme(const struct duty_work *w, const char *id)
{
	for (size_t i = 0; i < w->ask->programme_count; i++)
		if (strcmp(w->ask->programmes[i].programme, id) == 0)
			return true;
	return false;
}

int duty_check_claims(const struct duty_work *w)
{
	if (w->ask->claim_count > MOST_MASK)
		return truce_fail(w->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "more than %d claims", MOST_MASK);
	for (size_t i = 0; i < w->ask->claim_count; i++) {
		const truce_tariff_claim *one = &w->ask->claims[i];
		if (!(one->share >= 0 && one->share <= 1))
			return truce_fail(w->ctx, TRUCE_INPUT, NULL, 0, 0, "give a share of 0 to 1", "what is claimed of %s is no share", one->id);
		if (!is_programme(w, one->id) && !truce_record_find_known(w->ask->record, TRUCE_MEASURE, one->id, w->known))
			return truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "claims are named under `needed:`, and programmes under `condition:`",
				"no measure, and no programme of the schedule, is called \"%s\"", one->id);
	}
	return TRUCE_OK;
}

double duty_claimed(struct duty_work *w, const char *id)
{
	for (size_t i = w->ask->claim_count; i-- > 0;)
		if (strcmp(w->ask->claims[i].id, id) == 0) {
			w->claims_used |= (uint64_t)1 << i;
			return w->ask->claims[i].share;
		}
	return NAN;
}

double duty_exemption_claimed(struct duty_work *w, size_t exempter)
{
	double share = duty_claimed(w, w->exempters[exempter]->head.id);
	for (size_t i = 0; isnan(share) && i < w->ask->programme_count && w->ask->claim_count; i++)
		if (duty_claims(w, i) >> exempter & 1)
			share = duty_claimed(w, w->ask->programmes[i].programme);
	return share;
}

void duty_say_unused_claims(struct duty_work *w)
{
	for (size_t i = 0; i < w->ask->claim_count; i++)
		if (!(w->claims_used >> i & 1))
			duty_assume(w, duty_words(w, "what is claimed of %s makes no difference here", w->ask->claims[i].id));
}
