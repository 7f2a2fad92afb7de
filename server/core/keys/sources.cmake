# Keys that change while they are in use.
set(keys_srcs
  keys/key_rotation.cc
  keys/keys.cc
  keys/rewrap.cc
  keys/rotation.cc
  keys/rotation_answers.cc
  keys/rotation_state.cc)
