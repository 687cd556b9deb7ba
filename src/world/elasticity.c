/* elasticity.c: room world.  Trade elasticities from a table of their own. */
#include "world_private.h"

#include <math.h>

int truce_world_read_elasticities(truce_context *ctx, truce_world *world, const char *path)
{
	truce_csv *csv = NULL;
	size_t sector, theta, se = 0, psi = 0;
	int row = 0, error;

	for (size_t j = 0; j < world->sectors; j++)
		world->theta[j] = world->theta_se[j] = world->psi[j] = NAN;
	if ((error = truce_csv_open(ctx, &csv, path)) || (error = truce_csv_column(csv, &sector, "sector")) ||
		(error = truce_csv_column(csv, &theta, "theta")))
		goto done;
	bool has_se = truce_csv_has_column(csv, "se", &se), has_psi = truce_csv_has_column(csv, "psi", &psi);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		size_t j = truce_world_sector(world, truce_csv_field(csv, sector));
		if (j == TRUCE_WORLD_NONE)
			continue;
		error = truce_csv_double(csv, theta, &world->theta[j]);
		if (!error && has_se && *truce_csv_field(csv, se))
			error = truce_csv_double(csv, se, &world->theta_se[j]);
		if (!error && has_psi && *truce_csv_field(csv, psi))
			error = truce_csv_double(csv, psi, &world->psi[j]);
		if (!error && !(world->theta[j] > 0))
			error = truce_csv_fail(csv, theta, "give the trade elasticity, 4 for instance",
				"theta of sector %s is not above 0", world->sector[j]);
		if (!error && (world->theta_se[j] < 0 || world->psi[j] < 0))
			error = truce_csv_fail(csv, world->theta_se[j] < 0 ? se : psi, "leave it out where it is not known",
				"%s of sector %s is negative", world->theta_se[j] < 0 ? "the standard error" : "psi", world->sector[j]);
	}
	if (!error && row < 0)
		error = row;
	for (size_t j = 0; j < world->sectors && !error; j++)
		if (isnan(world->theta[j]))
			error = truce_fail(ctx, TRUCE_INPUT, path, 0, 0, NULL, "sector %s has no theta here", world->sector[j]);
done:
	truce_csv_close(csv);
	return error;
}

int world_elasticities(truce_context *ctx, truce_world *world, const char *path, const char *name)
{
	if (path)
		return truce_world_read_elasticities(ctx, world, path);
	for (size_t j = 0; j < world->sectors; j++)
		world->theta[j] = 4;
	truce_diagnose(ctx, TRUCE_WARNING, name, 0, 0, NULL, "give them with --elasticity FILE",
		"the table has no trade elasticities; theta is 4 everywhere, an assumption");
	return TRUCE_OK;
}
