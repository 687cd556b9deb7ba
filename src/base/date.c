/* Room base: calendar days and points of time, as written in ISO 8601 and as instants. */
#include <truce/base.h>

#include <string.h>
#include <time.h>

/* Days from 1970-01-01 by shifting the year to begin in March, so that the leap day is the last of a year. */
truce_date truce_date_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

void truce_date_split(truce_date date, int *year, int *month, int *day)
{
	int64_t z = (int64_t)date + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = (int)(z - era * 146097);
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;
	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int)(yoe + era * 400) + (*month <= 2);
}

int truce_date_weekday(truce_date date)
{
	int64_t day = ((int64_t)date + 3) % 7; /* 1970-01-01 was a Thursday */
	return (int)(day < 0 ? day + 7 : day);
}

/* `count` digits at text, or -1. */
static int digits(const char *text, int count)
{
	int value = 0;
	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static int parse_day(const char *text, truce_date *out)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = digits(text, 4);
	if (year < 1 || text[4] != '-')
		return TRUCE_INPUT;
	int month = digits(text + 5, 2);
	if (month < 1 || month > 12 || text[7] != '-')
		return TRUCE_INPUT;
	int day = digits(text + 8, 2);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day < 1 || day > days[month - 1] + (month == 2 && leap))
		return TRUCE_INPUT;
	*out = truce_date_of(year, month, day);
	return TRUCE_OK;
}

int truce_date_parse(const char *text, truce_date *out)
{
	return strnlen(text, 11) == 10 ? parse_day(text, out) : TRUCE_INPUT;
}

char *truce_date_format(char buffer[11], truce_date date)
{
	int year, month, day;
	truce_date_split(date, &year, &month, &day);
	if (date == TRUCE_NO_DATE || year < 0 || year > 9999)
		return strcpy(buffer, "----------");
	snprintf(buffer, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100, (unsigned)day % 100);
	return buffer;
}

int truce_time_parse(const char *text, truce_time *out)
{
	truce_time time = {.set = true};
	size_t length = strnlen(text, 40);
	if (length < 10 || parse_day(text, &time.day))
		return TRUCE_INPUT;
	time.at = (truce_instant)time.day * 86400;
	if (length == 10) {
		*out = time;
		return TRUCE_OK;
	}
	if (length < 17 || text[10] != 'T' || text[13] != ':')
		return TRUCE_INPUT;
	int hour = digits(text + 11, 2), minute = digits(text + 14, 2), second = 0;
	const char *zone = text + 16;
	if (*zone == ':') {
		if (length < 20)
			return TRUCE_INPUT;
		second = digits(zone + 1, 2);
		zone += 3;
	}
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return TRUCE_INPUT;
	if (strcmp(zone, "Z") != 0) {
		if ((*zone != '+' && *zone != '-') || strnlen(zone, 7) != 6 || zone[3] != ':')
			return TRUCE_INPUT;
		int hours = digits(zone + 1, 2), minutes = digits(zone + 4, 2);
		if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
			return TRUCE_INPUT;
		time.offset = (*zone == '-' ? -1 : 1) * (hours * 60 + minutes);
	}
	time.has_time = true;
	time.at += hour * 3600 + minute * 60 + second - time.offset * 60;
	*out = time;
	return TRUCE_OK;
}

char *truce_instant_format(char buffer[32], truce_instant at, int offset_minutes)
{
	if (at == TRUCE_NEVER || at == TRUCE_EVER)
		return strcpy(buffer, at == TRUCE_NEVER ? "never" : "ever");
	int64_t local = at + (int64_t)offset_minutes * 60;
	int64_t day = local >= 0 ? local / 86400 : -((86399 - local) / 86400);
	int seconds = (int)(local - day * 86400);
	int offset = offset_minutes < 0 ? -offset_minutes : offset_minutes;
	char date[11], zone[16] = "Z";
	truce_date_format(date, (truce_date)day);
	if (offset_minutes)
		snprintf(zone, sizeof zone, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
	char text[64];
	if (seconds % 60)
		snprintf(text, sizeof text, "%sT%02d:%02d:%02d%s", date, seconds / 3600, seconds / 60 % 60, seconds % 60, zone);
	else
		snprintf(text, sizeof text, "%sT%02d:%02d%s", date, seconds / 3600, seconds / 60 % 60, zone);
	text[31] = '\0';
	return strcpy(buffer, text);
}

char *truce_time_format(char buffer[32], const truce_time *time)
{
	if (!time->set)
		return strcpy(buffer, "");
	if (!time->has_time)
		return truce_date_format(buffer, time->day);
	return truce_instant_format(buffer, time->at, time->offset);
}

truce_date truce_today(void)
{
	return (truce_date)(time(NULL) / 86400);
}
