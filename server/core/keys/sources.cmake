# Keys that change while they are in use.
set(keys_srcs
  keys/index_exchange.cc
  keys/key_rotation.cc
  keys/key_trim.cc
  keys/keys.cc
  keys/page_steps.cc
  keys/renewal.cc
  keys/root_steps.cc
  keys/rotation.cc
  keys/rotation_answers.cc
  keys/rotation_plan.cc
  keys/rotation_state.cc
  keys/rotation_steps.cc
  keys/sweeper.cc)
