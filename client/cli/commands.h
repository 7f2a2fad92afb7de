// All commands. Each function describes one, with its subcommands and handlers.
#ifndef SODALITY_CLIENT_CLI_COMMANDS_H_
#define SODALITY_CLIENT_CLI_COMMANDS_H_

#include "client/cli/command.h"

namespace sodality::cli {

CommandSpec JoinCommand();
CommandSpec StatusCommand();
CommandSpec FindCommand();
CommandSpec ShowCommand();
CommandSpec MeCommand();
CommandSpec MemberCommand();
CommandSpec RosterCommand();
CommandSpec InviteCommand();
CommandSpec PrincipalCommand();
CommandSpec GrantCommand();
CommandSpec DeviceCommand();
CommandSpec ApprovalCommand();
CommandSpec BackupCommand();
CommandSpec KeysCommand();
// Below keys.
CommandSpec SharesCommand();
CommandSpec TrimCommand();
CommandSpec LedgerCommand();
CommandSpec CompletionCommand();
CommandSpec VersionCommand();

// The program itself: the root of them all. Lives for the process.
const CommandSpec& SodalityCommand();

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_COMMANDS_H_
