#include "server/app/man_page.h"

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "server/app/exit_code.h"
#include "text/roff.h"

namespace sodality::app {
namespace {

using text::Roff;

constexpr std::string_view kDescription =
    "Serves the directory of one chapter from a data folder. Everything of "
    "members in it is encrypted; without its key a server starts sealed and "
    "answers nothing but that.";

constexpr std::string_view kRest = R"(.SH SIGNALS
.TP
.B SIGTERM, SIGINT
Streams and calls end, then the keys are wiped and the server stops.
.SH FILES
In the data folder:
.TP
.B chapter.toml
Name, address and limits of the chapter. Readable while sealed.
.TP
.B schema.toml
The fields of a member, and who sees them.
.TP
.B ca.pem, server.pem, server.key
Certificates of the chapter and of its server. They open no data.
.TP
.B keyring
Every key, sealed under the root key.
.TP
.B members.db
The members, in SQLCipher; after a rotation of the page key
.BR members.2.db ,
and so on.
.TP
.B ledger/
The record of every look and change.
.TP
.B tombstones
What was erased, revoked, used up or suspended, for a restore; may be copied at
any time.
.TP
.B unseal.sock
Where unseal and seal reach a running server.
.SH ENVIRONMENT
.TP
.B CREDENTIALS_DIRECTORY
Set by systemd; its file root\-key unseals the server at start.
.SH SEE ALSO
.BR sodality (1)
)";

std::string Sentence(const std::string& text) {
  return Roff(text) + (text.empty() || text.back() == '.' ? "" : ".") + "\n";
}

bool IsHelp(const CLI::Option& option) { return option.get_name() == "--help"; }

// "--data DIR" of one that takes a value.
std::string Written(const CLI::Option& option) {
  std::string out = option.get_name();
  const bool takes = option.get_items_expected_max() > 0;
  if (takes && !option.get_positional()) out += " " + option.get_type_name();
  return Roff(out);
}

std::string Options(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    if (IsHelp(*option)) continue;
    out += ".TP\n.B " + Written(*option) + "\n";
    out += Sentence(option->get_description());
  }
  return out;
}

std::string Synopsis(const CLI::App& command) {
  std::string out = ".B sodalityd " + Roff(command.get_name());
  for (const CLI::Option* option : command.get_options()) {
    if (IsHelp(*option)) continue;
    out += option->get_required() ? " " + Written(*option)
                                  : " [" + Written(*option) + "]";
  }
  return out + "\n";
}

std::string Commands(const CLI::App& app) {
  std::string out;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    out += ".SS sodalityd " + Roff(command->get_name()) + "\n";
    out += Synopsis(*command) + ".PP\n" + Sentence(command->get_description());
    out += Options(*command);
  }
  return out;
}

std::string ExitCodes() {
  std::string out;
  for (const ExitFacts& facts : kExits) {
    out += ".TP\n.B " + std::to_string(static_cast<int>(facts.code)) + "\n";
    out += Sentence(std::string(facts.meaning));
  }
  return out;
}

}  // namespace

std::string ManPageOf(const CLI::App& app) {
  return ".\\\" Made from the program's own description of its commands.\n"
         ".TH SODALITYD 8\n.SH NAME\nsodalityd \\- the server of a Sodality "
         "chapter\n.SH SYNOPSIS\n.B sodalityd\nCOMMAND\n.SH DESCRIPTION\n" +
         Roff(kDescription) + "\n.SH COMMANDS\n" + Commands(app) +
         ".SH OPTIONS\nThese are taken by every command.\n" + Options(app) +
         ".SH EXIT STATUS\n" + ExitCodes() + std::string(kRest);
}

}  // namespace sodality::app
