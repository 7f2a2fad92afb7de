# One file that holds all of a chapter.
set(backup_srcs backup/backup.cc backup/backup_pieces.cc
  backup/backup_reader.cc backup/layout.cc)
