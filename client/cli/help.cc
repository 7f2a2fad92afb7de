#include "client/cli/help.h"

#include <string_view>
#include <utility>

#include "client/cli/table.h"
#include "text/roff.h"

namespace sodality::cli {
namespace {

using text::Roff;

constexpr size_t kTextColumns = 78;

std::string OptionLabel(const OptionSpec& option) {
  return "--" + option.name + (option.value.empty() ? "" : " " + option.value);
}

std::string OptionUsage(const OptionSpec& option) {
  std::string usage = OptionLabel(option);
  if (option.takes == Takes::kSeveral) usage += "...";
  if (!option.required) usage = "[" + usage + "]";
  if (option.takes == Takes::kEach) usage += "...";
  return usage;
}

std::string PositionalUsage(const PositionalSpec& word) {
  const std::string usage =
      word.name + (word.takes == Takes::kSeveral ? "..." : "");
  return word.required ? usage : "[" + usage + "]";
}

std::string Capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

std::string Wrapped(std::string_view text) {
  std::string out;
  size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > 0) {
      const bool fits = column + 1 + word.size() <= kTextColumns;
      out += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::vector<Line> OptionLines(const std::vector<OptionSpec>& options) {
  std::vector<Line> lines;
  for (const OptionSpec& option : options) {
    lines.push_back({OptionLabel(option), option.help});
  }
  return lines;
}

std::string Section(const std::string& title, const std::vector<Line>& lines) {
  if (lines.empty()) return "";
  return "\n" + title + ":\n" + RenderLines(lines, "  ");
}

std::string RoffOptions(const std::vector<OptionSpec>& options) {
  std::string out;
  for (const OptionSpec& option : options) {
    out += ".TP\n.B " + Roff("--" + option.name);
    if (!option.value.empty()) out += " " + Roff(option.value);
    out += "\n" + Roff(Capitalised(option.help)) + ".\n";
  }
  return out;
}

void RoffCommand(const std::string& path, const CommandSpec& command,
                 std::string* out) {
  const std::string here =
      path.empty() ? command.name : path + " " + command.name;
  if (command.handler != nullptr) {
    *out += ".SS " + Roff("sodality " + here) + "\n";
    *out += ".B " + Roff(Usage(here, command)) + "\n.PP\n";
    *out += Roff(Capitalised(command.summary)) + ".\n";
    if (!command.details.empty()) *out += Roff(command.details) + "\n";
    *out += RoffOptions(command.options);
    for (const std::string& example : command.examples) {
      *out += ".PP\n.EX\n" + Roff(example) + "\n.EE\n";
    }
  }
  for (const CommandSpec& sub : command.subcommands) {
    RoffCommand(here, sub, out);
  }
}

constexpr char kExitCodes[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone.\n"
    ".TP\n.B 1\nSomething broke.\n"
    ".TP\n.B 2\nThe command or a value in it is wrong.\n"
    ".TP\n.B 3\nCancelled, or not confirmed.\n"
    ".TP\n.B 4\nNot enrolled, expired or revoked.\n"
    ".TP\n.B 5\nDenied.\n"
    ".TP\n.B 6\nNot found.\n"
    ".TP\n.B 7\nConflict, or a stale revision.\n"
    ".TP\n.B 8\nThe server does not answer.\n"
    ".TP\n.B 9\nPartly done: some rows were refused.\n"
    ".TP\n.B 10\nThe server is sealed.\n"
    ".TP\n.B 11\nA budget or rate is used up.\n"
    ".TP\n.B 12\nWaits for another's approval.\n"
    ".TP\n.B 130\nInterrupted.\n";

constexpr char kEnvironment[] =
    ".SH ENVIRONMENT\n"
    ".TP\n.B XDG_CONFIG_HOME\nThe profile is in its folder sodality; default: "
    "~/.config.\n"
    ".TP\n.B NO_COLOR\nNo colour and no progress bar. TERM=dumb does the "
    "same.\n";

}  // namespace

std::string Usage(const std::string& path, const CommandSpec& command) {
  std::string usage = "sodality" + (path.empty() ? "" : " " + path);
  if (command.handler == nullptr) return usage + " COMMAND";
  for (const OptionSpec& option : command.options) {
    usage += " " + OptionUsage(option);
  }
  if (command.field_options) usage += " [--FIELD VALUE]...";
  for (const PositionalSpec& word : command.positionals) {
    usage += " " + PositionalUsage(word);
  }
  return usage;
}

std::string HelpText(const std::string& path, const CommandSpec& command) {
  std::string help = Wrapped(Capitalised(command.summary) + ".") + "\n";
  if (!command.examples.empty()) help += "\nExamples:\n";
  for (const std::string& example : command.examples) {
    help += "  " + example + "\n";
  }
  help += "\nUsage:\n  " + Usage(path, command) + "\n";
  if (!command.details.empty()) help += "\n" + Wrapped(command.details) + "\n";
  std::vector<Line> commands;
  for (const CommandSpec& sub : command.subcommands) {
    commands.push_back({sub.name, sub.summary});
  }
  help += Section("Commands", commands);
  std::vector<Line> words;
  for (const PositionalSpec& word : command.positionals) {
    words.push_back({word.name, word.help});
  }
  help += Section("Arguments", words);
  help += Section("Options", OptionLines(command.options));
  help += Section("Every command takes", OptionLines(GlobalOptionSpecs()));
  return help;
}

std::string ManPage(const CommandSpec& root) {
  std::string page =
      ".\\\" Made from the program's own description of its commands.\n"
      ".TH SODALITY 1\n.SH NAME\nsodality \\- " +
      Roff(root.summary) + "\n.SH SYNOPSIS\n.B sodality\nCOMMAND\n" +
      ".SH DESCRIPTION\n" + Roff(root.details) + "\n.SH COMMANDS\n";
  for (const CommandSpec& command : root.subcommands) {
    RoffCommand("", command, &page);
  }
  page +=
      ".SH OPTIONS\nThese are taken by every command, before or after its "
      "name.\n" +
      RoffOptions(GlobalOptionSpecs());
  return page + kExitCodes + kEnvironment;
}

}  // namespace sodality::cli
