#include "client/cli/commands.h"

namespace sodality::cli {

const CommandSpec& SodalityCommand() {
  static const CommandSpec root = {
      .name = "sodality",
      .summary = "find, show and look after the members of a chapter",
      .details =
          "Answers come from the chapter's server, over a connection that both "
          "sides prove themselves on. Every member shown is recorded there "
          "before it is sent.",
      .examples = {"sodality join invite.txt", "sodality find maria gonz",
                   "sodality show MEMBER --field phone"},
      .options = {},
      .positionals = {},
      .subcommands = {JoinCommand(), StatusCommand(), FindCommand(),
                      ShowCommand(), MeCommand(), MemberCommand(),
                      RosterCommand(), InviteCommand(), PrincipalCommand(),
                      GrantCommand(), DeviceCommand(), KeysCommand(),
                      ApprovalCommand(), BackupCommand(), LedgerCommand(),
                      CompletionCommand(), VersionCommand()},
      .handler = nullptr,
      .field_options = false,
  };
  return root;
}

}  // namespace sodality::cli
