/* Room base: the zones that dates of law are in.
 *
 * A zone is a row: its offset and, where it keeps summer time, the two rules by which it changes.  The rules are
 * today's; for the United States they hold from 2007 on, for the European Union from 1996 on.  A full history is the
 * tz database's work, which the C library only reaches through a process-wide setting. */
#include <truce/base.h>

#include <string.h>

enum rule { NONE, NORTH_AMERICA, EUROPE, AUSTRALIA, NEW_ZEALAND, CHILE };

struct truce_zone {
	const char *name;
	int16_t offset; /* minutes east of UTC in winter */
	uint8_t rule;
};

/* The n-th (5: last) Sunday of a month, at minutes after local midnight of the zone's standard time; Europe: of UTC. */
struct change {
	int month, nth, minute;
};

static const struct {
	struct change summer, winter; /* begins, ends; winter is given in standard time */
	bool universal;               /* the minute is of UTC */
} rules[] = {
	[NORTH_AMERICA] = {{3, 2, 120}, {11, 1, 60}, false},
	[EUROPE] = {{3, 5, 60}, {10, 5, 60}, true},
	[AUSTRALIA] = {{10, 1, 120}, {4, 1, 120}, false},
	[NEW_ZEALAND] = {{9, 5, 120}, {4, 1, 120}, false},
	[CHILE] = {{9, 1, 0}, {4, 1, -60}, false},
};

static const struct truce_zone zones[] = {
	{"UTC", 0, NONE},
	{"America/New_York", -300, NORTH_AMERICA}, {"America/Chicago", -360, NORTH_AMERICA},
	{"America/Denver", -420, NORTH_AMERICA}, {"America/Los_Angeles", -480, NORTH_AMERICA},
	{"America/Toronto", -300, NORTH_AMERICA}, {"America/Mexico_City", -360, NONE}, {"America/Sao_Paulo", -180, NONE},
	{"America/Argentina/Buenos_Aires", -180, NONE}, {"America/Bogota", -300, NONE}, {"America/Lima", -300, NONE},
	{"America/Santiago", -240, CHILE}, {"Europe/London", 0, EUROPE}, {"Europe/Dublin", 0, EUROPE},
	{"Europe/Lisbon", 0, EUROPE}, {"Europe/Brussels", 60, EUROPE}, {"Europe/Paris", 60, EUROPE},
	{"Europe/Berlin", 60, EUROPE}, {"Europe/Madrid", 60, EUROPE}, {"Europe/Rome", 60, EUROPE},
	{"Europe/Amsterdam", 60, EUROPE}, {"Europe/Vienna", 60, EUROPE}, {"Europe/Zurich", 60, EUROPE},
	{"Europe/Stockholm", 60, EUROPE}, {"Europe/Copenhagen", 60, EUROPE}, {"Europe/Oslo", 60, EUROPE},
	{"Europe/Warsaw", 60, EUROPE}, {"Europe/Prague", 60, EUROPE}, {"Europe/Budapest", 60, EUROPE},
	{"Europe/Helsinki", 120, EUROPE}, {"Europe/Athens", 120, EUROPE}, {"Europe/Bucharest", 120, EUROPE},
	{"Europe/Kyiv", 120, EUROPE}, {"Europe/Istanbul", 180, NONE}, {"Europe/Moscow", 180, NONE},
	{"Africa/Cairo", 120, NONE}, {"Africa/Johannesburg", 120, NONE}, {"Africa/Lagos", 60, NONE},
	{"Africa/Nairobi", 180, NONE}, {"Asia/Riyadh", 180, NONE}, {"Asia/Dubai", 240, NONE}, {"Asia/Karachi", 300, NONE},
	{"Asia/Kolkata", 330, NONE}, {"Asia/Dhaka", 360, NONE}, {"Asia/Bangkok", 420, NONE}, {"Asia/Jakarta", 420, NONE},
	{"Asia/Ho_Chi_Minh", 420, NONE}, {"Asia/Shanghai", 480, NONE}, {"Asia/Hong_Kong", 480, NONE},
	{"Asia/Macau", 480, NONE}, {"Asia/Taipei", 480, NONE}, {"Asia/Singapore", 480, NONE},
	{"Asia/Kuala_Lumpur", 480, NONE}, {"Asia/Manila", 480, NONE}, {"Asia/Seoul", 540, NONE}, {"Asia/Tokyo", 540, NONE},
	{"Australia/Perth", 480, NONE}, {"Australia/Brisbane", 600, NONE}, {"Australia/Sydney", 600, AUSTRALIA},
	{"Pacific/Auckland", 720, NEW_ZEALAND},
};

const truce_zone *truce_zone_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof zones / sizeof *zones; i++)
		if (strcmp(zones[i].name, name) == 0)
			return &zones[i];
	return NULL;
}

static truce_instant change_at(int year, struct change change, int offset)
{
	truce_date first = truce_date_of(year, change.month, 1);
	truce_date day = first + (6 - truce_date_weekday(first) + 7) % 7 + 7 * (change.nth - 1);
	int month = 0, y, d;
	for (truce_date_split(day, &y, &month, &d); month != change.month; truce_date_split(day, &y, &month, &d))
		day -= 7;
	return (truce_instant)day * 86400 + (change.minute - offset) * 60;
}

int truce_zone_offset(const truce_zone *zone, truce_instant at)
{
	if (!zone)
		return 0;
	/* Beyond the years 1 to 9999, never and ever among them, nobody sets clocks. */
	if (zone->rule == NONE || at > 253402300799 || at < -62135596800)
		return zone->offset;
	int year, month, day, offset = rules[zone->rule].universal ? 0 : zone->offset;
	truce_date_split((truce_date)((at + zone->offset * 60) / 86400), &year, &month, &day);
	truce_instant summer = change_at(year, rules[zone->rule].summer, offset);
	truce_instant winter = change_at(year, rules[zone->rule].winter, offset);
	bool in_summer = summer < winter ? at >= summer && at < winter : at >= summer || at < winter;
	return zone->offset + (in_summer ? 60 : 0);
}

truce_instant truce_day_start(const truce_zone *zone, truce_date day)
{
	if (day == INT32_MAX || day == TRUCE_NO_DATE)
		return day == INT32_MAX ? TRUCE_NEVER : TRUCE_EVER;
	truce_instant utc = (truce_instant)day * 86400;
	/* The offset at the local midnight: a guess by standard time is within an hour, and no zone changes then twice. */
	truce_instant guess = utc - truce_zone_offset(zone, utc) * 60;
	return utc - truce_zone_offset(zone, guess) * 60;
}

truce_instant truce_day_end(const truce_zone *zone, truce_date day)
{
	if (day == INT32_MAX || day == TRUCE_NO_DATE)
		return truce_day_start(zone, day);
	truce_instant next = truce_day_start(zone, day + 1);
	return next == TRUCE_NEVER ? next : next - 1;
}

truce_date truce_instant_day(const truce_zone *zone, truce_instant at)
{
	const truce_instant most = (truce_instant)(INT32_MAX - 1) * 86400; /* what a date holds, with a day to spare */
	if (at > most || at < -most)
		return at > 0 ? INT32_MAX : TRUCE_NO_DATE;
	int64_t local = at + truce_zone_offset(zone, at) * 60;
	return (truce_date)(local >= 0 ? local / 86400 : -((86399 - local) / 86400));
}

truce_instant truce_time_start(const truce_time *time, const truce_zone *zone)
{
	return time->has_time ? time->at : truce_day_start(zone, time->day);
}

truce_instant truce_time_end(const truce_time *time, const truce_zone *zone)
{
	return time->has_time ? time->at : truce_day_end(zone, time->day);
}
