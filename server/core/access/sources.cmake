# Who may do what, and the chapter that wires the core.
set(access_srcs
  access/access_control.cc
  access/access_table.cc
  access/access_writer.cc
  access/change_rules.cc
  access/codec.cc
  access/enrollment.cc
  access/grant_rules.cc
  access/invite_maker.cc
  access/restorer.cc
  access/revoker.cc
  access/types.cc
  chapter.cc
  committer.cc
  store_digest.cc)
