// The command line of deq.
// A main of one line, because everything it does is library code that tests and other tools can
// call.
#include "cli/Deqc.h"

int main(int argc, char **argv) { return deq::cli::deqc(argc, argv); }
