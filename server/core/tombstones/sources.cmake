# What ended and must stay ended when a backup is put back.
set(tombstones_srcs
  tombstones/tombstone.cc
  tombstones/tombstone_file.cc
  tombstones/tombstones.cc)
