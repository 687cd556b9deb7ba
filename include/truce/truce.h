/* truce/truce.h: all public headers, in the order that data walks through the rooms. */
#ifndef TRUCE_TRUCE_H
#define TRUCE_TRUCE_H

#include <truce/base.h>
#include <truce/record.h>
#include <truce/schedule.h>
#include <truce/tariff.h>
#include <truce/world.h>
#include <truce/equilibrium.h>
#include <truce/policy.h>
#include <truce/shortage.h>
#include <truce/cost.h>
#include <truce/case.h>
#include <truce/figure.h>
#include <truce/brief.h>

#endif
