// deq-opt: runs single passes on textual IR, for tests and for people who read dumps.
#pragma once

namespace deq {
int deqOpt(int argc, char **argv);
} // namespace deq
