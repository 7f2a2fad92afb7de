# One file that holds all of a chapter.
set(backup_srcs backup/layout.cc)
