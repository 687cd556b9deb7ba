/* Room base: random draws as a function of what they are for, so that shards and threads do not matter. */
#include <truce/base.h>

#include <math.h>

/* The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection of 64 bits. */
static uint64_t mix(uint64_t z)
{
	z += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static double uniform(uint64_t key)
{
	return ((double)(mix(key) >> 11) + 0.5) * 0x1p-53;
}

static uint64_t key_of(uint64_t seed, uint64_t run, uint64_t draw)
{
	return mix(mix(mix(seed) ^ run) ^ draw);
}

double truce_draw_uniform(uint64_t seed, uint64_t run, uint64_t draw)
{
	return uniform(key_of(seed, run, draw));
}

double truce_draw_normal(uint64_t seed, uint64_t run, uint64_t draw)
{
	uint64_t key = key_of(seed, run, draw);
	return sqrt(-2 * log(uniform(key))) * cos(6.283185307179586476925 * uniform(key ^ 0xd1b54a32d192ed03u));
}
