# One file that holds all of a chapter.
set(backup_srcs backup/backup_reader.cc backup/layout.cc)
