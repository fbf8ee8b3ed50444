// Entry point of deq-opt; everything is in the library, so that it can be embedded and tested.
#include "../compiler/Tools/DeqOpt.h"

int main(int argc, char **argv) { return deq::deqOpt(argc, argv); }
