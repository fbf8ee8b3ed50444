# Writes OUTPUT, the C++ source of deq::buildIdentity(): a digest of the contents of the files that LIST names, relative
# to ROOT, and of FLAGS. Contents and not times or paths, so that two builds of the same sources agree.
file(STRINGS ${LIST} names)
set(all "${FLAGS}")
foreach(name ${names})
  file(SHA256 ${ROOT}/${name} digest)
  string(APPEND all "\n${name} ${digest}")
endforeach()
string(SHA256 digest "${all}")
string(SUBSTRING ${digest} 0 32 digest)
file(WRITE ${OUTPUT} "// Made by identity.cmake.
#include \"compiler/Compile.h\"

const char *deq::buildIdentity() { return \"${VERSION}-${digest}\"; }
")
