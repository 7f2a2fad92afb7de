#include "server/app/restore_options.h"

#include "server/app/root_options.h"

namespace sodality::app {

void AddRestoreOptions(CLI::App& command, RestoreOptions& options) {
  command.add_option("BACKUP-FILE", options.file, "The backup")
      ->required()
      ->type_name("");
  command
      .add_option("--data", options.data,
                  "The data folder to make, absent or empty; with "
                  "--verify-only, what is checked stands beside it for a "
                  "while, and it may be there")
      ->required()
      ->type_name("DIR");
  command.add_flag("--verify-only", options.verify_only,
                   "Make every check, print what the backup is, and leave "
                   "nothing behind");
  command
      .add_option("--tombstones", options.tombstones,
                  "A copy of the chapter's file tombstones that is newer than "
                  "the backup: what ended since ends again, and other access "
                  "goes on; repeats. What one beside the backup names ends in "
                  "any case")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--admin", options.admin,
                  "The name of the admin who is let in: a new one, or one of "
                  "the backup; needed without newer tombstones")
      ->type_name("NAME");
  command
      .add_option("--invite-out", options.invite_out,
                  "Where to write the admin's invite")
      ->type_name("FILE");
  AddShares(command, options.root);
}

}  // namespace sodality::app
