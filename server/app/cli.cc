#include "server/app/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "crypto/pki/at_exit.h"
#include "server/app/doctor.h"
#include "server/app/init.h"
#include "server/app/json_line.h"
#include "server/app/man_page.h"
#include "server/app/restore.h"
#include "server/app/restore_options.h"
#include "server/app/root_options.h"
#include "server/app/seal_commands.h"
#include "server/app/serve.h"
#include "server/app/version.h"
#include "text/utf8.h"

namespace sodality::app {
namespace {

// Options of every command, and what runs when the line is understood.
struct CommandLine {
  InitOptions init;
  ServeOptions serve;
  DoctorOptions doctor;
  RestoreOptions restore;
  UnsealOptions unseal;
  SealOptions seal;
  bool json = false;
  std::function<Outcome()> run;
};

void AddData(CLI::App& command, std::string& data) {
  command.add_option("--data", data, "The data folder")
      ->required()
      ->type_name("DIR");
}

void AddInit(CLI::App& app, CommandLine& line) {
  CLI::App* command = app.add_subcommand("init", "Set up a new chapter");
  InitOptions& options = line.init;
  AddData(*command, options.data);
  command->add_option("--chapter", options.chapter, "The chapter's name")
      ->required()
      ->type_name("NAME");
  command
      ->add_option("--listen", options.listen,
                   "Where to listen; named in invites")
      ->required()
      ->type_name("HOST:PORT");
  command->add_option("--admin", options.admin, "The first admin's name")
      ->required()
      ->type_name("NAME");
  command
      ->add_option("--invite-out", options.invite_out,
                   "Where to write the first admin's invite")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--country", options.country,
                   "How national telephone numbers are read (default US)")
      ->type_name("CC");
  command
      ->add_option("--expected-members", options.expected_members,
                   "How many members searches are to stay fast for: twice as "
                   "many may join before they get slower (default 10000)")
      ->type_name("N");
  AddNewShares(*command, options);
  command->callback([&line] {
    line.run = [&] {
      line.init.json = line.json;
      return RunInit(line.init);
    };
  });
}

void AddServe(CLI::App& app, CommandLine& line) {
  CLI::App* command = app.add_subcommand("serve", "Run the server");
  AddData(*command, line.serve.data);
  command
      ->add_option("--listen", line.serve.listen,
                   "Where to listen, if not where chapter.toml says; port 0 "
                   "takes a free one")
      ->type_name("HOST:PORT");
  AddShares(*command, line.serve.root);
  command
      ->add_option("--new-root-key", line.serve.new_root_key,
                   "New file for the root key that `sodality keys rotate root` "
                   "makes, where the server has no --root-key")
      ->type_name("FILE")
      ->excludes(command->get_option("--root-key"));
  command->add_flag("--sealed", line.serve.sealed,
                    "Start sealed even where a systemd credential is");
  command->callback(
      [&line] { line.run = [&] { return RunServe(line.serve); }; });
}

void AddDoctor(CLI::App& app, CommandLine& line) {
  CLI::App* command = app.add_subcommand(
      "doctor",
      "Check a data folder, changing nothing, while no server runs on it");
  AddData(*command, line.doctor.data);
  AddShares(*command, line.doctor.root);
  command->callback([&line] {
    line.run = [&] {
      line.doctor.json = line.json;
      return RunDoctor(line.doctor);
    };
  });
}

void AddRestore(CLI::App& app, CommandLine& line) {
  CLI::App* command = app.add_subcommand(
      "restore",
      "Make a data folder from a backup, after every check. All that came "
      "after the backup is lost. Who was erased since, and what ended since, "
      "is known from tombstones that are newer than the backup; without, "
      "nobody's device, invite or grant is good any more, and one admin is let "
      "in");
  AddRestoreOptions(*command, line.restore);
  command->callback([&line] {
    line.run = [&] {
      line.restore.json = line.json;
      return RunRestore(line.restore);
    };
  });
}

void AddUnseal(CLI::App& app, CommandLine& line) {
  CLI::App* command =
      app.add_subcommand("unseal",
                         "Give a running server its key, or a share of it. "
                         "Shares go in one by one; the server forgets them 15 "
                         "minutes after the last");
  AddData(*command, line.unseal.data);
  AddOneShare(*command, line.unseal);
  command->callback([&line] {
    line.run = [&] {
      line.unseal.json = line.json;
      return RunUnseal(line.unseal);
    };
  });
}

void AddSeal(CLI::App& app, CommandLine& line) {
  CLI::App* command =
      app.add_subcommand("seal", "Make a running server forget its keys");
  AddData(*command, line.seal.data);
  command->callback([&line] {
    line.run = [&] {
      line.seal.json = line.json;
      return RunSeal(line.seal);
    };
  });
}

Outcome PrintVersion(bool json) {
  const std::string version(kVersion);
  if (json) {
    const nlohmann::json line = {{"version", version}};
    std::printf("%s\n", line.dump().c_str());
  } else {
    std::printf("sodalityd %s\n", version.c_str());
  }
  return {};
}

void AddVersion(CLI::App& app, CommandLine& line) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->callback(
      [&line] { line.run = [&line] { return PrintVersion(line.json); }; });
}

void Define(CLI::App& app, CommandLine& line) {
  app.require_subcommand(1);
  app.fallthrough();
  app.add_flag("--json", line.json, "Machine-readable answers and errors");
  AddInit(app, line);
  AddServe(app, line);
  AddDoctor(app, line);
  AddRestore(app, line);
  AddUnseal(app, line);
  AddSeal(app, line);
  AddVersion(app, line);
}

void Report(const Outcome& outcome, bool json) {
  if (json) {
    const nlohmann::ordered_json line = {
        {"error",
         {{"code", std::string(ExitName(outcome.exit))},
          {"exit", static_cast<int>(outcome.exit)},
          {"message", outcome.message},
          {"hint", outcome.hint}}}};
    std::fprintf(stderr, "%s\n", JsonLine(line).c_str());
    return;
  }
  // Whoever pressed Ctrl-C knows.
  if (outcome.exit == ExitCode::kInterrupted) return;
  std::fprintf(stderr, "sodalityd: error: %s\n", outcome.message.c_str());
  if (!outcome.hint.empty()) {
    std::fprintf(stderr, "sodalityd: hint: %s\n", outcome.hint.c_str());
  }
}

// Asked of the words: CLI11 sets no flag of a line that it refuses. It takes
// "--json=WORD", too, and these words for no.
bool WantsJson(std::span<char* const> arguments) {
  constexpr std::string_view kFlag = "--json";
  bool wanted = false;
  for (const std::string_view word : arguments) {
    if (word == kFlag) wanted = true;
    if (word.substr(0, kFlag.size() + 1) != "--json=") continue;
    const std::string value =
        CLI::detail::to_lower(std::string(word.substr(kFlag.size() + 1)));
    constexpr std::string_view kNo[] = {"false", "off", "no", "n",
                                        "f",     "0",   "-",  "disable"};
    wanted = std::find(std::begin(kNo), std::end(kNo), value) == std::end(kNo);
  }
  return wanted;
}

std::string CommandNames(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

// A line without a command that there is.
Outcome NoCommand(const CLI::App& app, std::span<char* const> arguments) {
  const auto words = arguments.subspan(1);
  const auto word = std::find_if(words.begin(), words.end(), [](const char* w) {
    return *w != '-' && *w != '\0';
  });
  return Fail(ExitCode::kUsage,
              word == words.end()
                  ? std::string("a command is needed")
                  : "unknown command: " + text::Printable(*word),
              "one of " + CommandNames(app));
}

// CLI11's messages begin like sentences; names of options stay as they are.
std::string InOurForm(std::string message) {
  if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z') {
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  }
  return message;
}

// The command asked for; kOk with nothing to run when help was.
Outcome Parse(CLI::App& app, std::span<char* const> arguments) {
  try {
    app.parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::CallForHelp&) {
    std::printf("%s", app.help().c_str());
  } catch (const CLI::RequiredError& error) {
    if (app.get_subcommands().empty()) return NoCommand(app, arguments);
    return Fail(ExitCode::kUsage, InOurForm(error.what()),
                "see sodalityd --help");
  } catch (const CLI::ParseError& error) {
    return Fail(ExitCode::kUsage, InOurForm(error.what()),
                "see sodalityd --help");
  }
  return {};
}

}  // namespace

ExitCode RunCommandLine(std::span<char* const> arguments) {
  pki::KeepOpensslUntilExit();
  CLI::App app("The server of a Sodality chapter", "sodalityd");
  CommandLine line;
  Define(app, line);
  Outcome outcome = Parse(app, arguments);
  if (outcome.ok() && line.run) outcome = line.run();
  if (!outcome.ok()) Report(outcome, WantsJson(arguments));
  return outcome.exit;
}

std::string ManPage() {
  CLI::App app("The server of a Sodality chapter", "sodalityd");
  CommandLine line;
  Define(app, line);
  return ManPageOf(app);
}

}  // namespace sodality::app
