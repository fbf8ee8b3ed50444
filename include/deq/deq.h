// All of deq's C++ interface: trace a field, prepare its solve, call it. docs/api.md is the guide.
#pragma once

#include "deq/diagnostic.h"
#include "deq/engine.h"
#include "deq/records.h"
#include "deq/solution.h"
#include "deq/trace.h"
