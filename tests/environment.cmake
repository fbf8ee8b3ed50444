# What ctest itself reads before it runs a test: the environment of all of them.
# Empty means none; set twice, because an empty value is only kept where there was one.
set(ENV{DEQ_CACHE_DIR} "/nowhere")
set(ENV{DEQ_CACHE_DIR} "")
