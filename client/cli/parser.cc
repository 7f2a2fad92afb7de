#include "client/cli/parser.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "client/cli/option_parser.h"
#include "client/cli/suggest.h"

namespace sodality::cli {
namespace {

using Words = std::vector<std::string>;

const OptionSpec* FindOption(const std::vector<OptionSpec>& options,
                             std::string_view name) {
  for (const OptionSpec& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

// "--name" or "--name=value", taken apart.
struct LongOption {
  std::string name;
  std::optional<std::string> value;
};

std::optional<LongOption> AsLongOption(const std::string& word) {
  if (word.size() < 3 || !word.starts_with("--")) return std::nullopt;
  const size_t equals = word.find('=');
  if (equals == std::string::npos) return LongOption{word.substr(2), {}};
  return LongOption{word.substr(2, equals - 2), word.substr(equals + 1)};
}

// What a flag's value says: "--json=true" is "--json", as sodalityd takes it.
// Nothing for a word that says neither yes nor no.
std::optional<bool> FlagValue(const LongOption& option) {
  if (!option.value) return true;
  constexpr std::string_view kYes[] = {"true", "yes", "on", "1"};
  constexpr std::string_view kNo[] = {"false", "no", "off", "0"};
  const auto among = [&option](std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), *option.value) != words.end();
  };
  if (among(kYes)) return true;
  if (among(kNo)) return false;
  return std::nullopt;
}

void SetGlobal(const LongOption& option, GlobalOptions* options) {
  const std::string value = option.value.value_or("");
  const bool flag = FlagValue(option).value_or(false);
  if (option.name == "profile") options->profile = value;
  if (option.name == "passphrase-file") options->passphrase_file = value;
  if (option.name == "json") options->json = flag;
  if (option.name == "no-input") options->no_input = flag;
  if (option.name == "quiet") options->quiet = flag;
}

std::string PathName(const std::vector<const CommandSpec*>& path) {
  std::string name = "sodality";
  for (const CommandSpec* command : path) name += " " + command->name;
  return name;
}

Words NamesOf(const std::vector<CommandSpec>& commands) {
  Words names;
  for (const CommandSpec& command : commands) names.push_back(command.name);
  return names;
}

// Walks down as far as words name commands; takes those words away.
std::vector<const CommandSpec*> TakePath(const CommandSpec& root,
                                         Words* words) {
  std::vector<const CommandSpec*> path;
  const CommandSpec* at = &root;
  while (!words->empty()) {
    const auto next = std::find_if(
        at->subcommands.begin(), at->subcommands.end(),
        [&](const CommandSpec& c) { return c.name == words->front(); });
    if (next == at->subcommands.end()) break;
    at = &*next;
    path.push_back(at);
    words->erase(words->begin());
  }
  return path;
}

// `--FIELD VALUE` -> `--where FIELD=VALUE`. A field without a value is left as
// it is, for the parser to refuse.
Words RewriteFieldOptions(const CommandSpec& command, const Words& words) {
  Words out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") {
      out.insert(out.end(), words.begin() + static_cast<ptrdiff_t>(i),
                 words.end());
      break;
    }
    const auto option = AsLongOption(words[i]);
    const OptionSpec* known =
        option ? FindOption(command.options, option->name) : nullptr;
    const bool value_follows = i + 1 < words.size();
    if (known != nullptr) {
      out.push_back(words[i]);
      const bool own_value = known->takes != Takes::kNothing && !option->value;
      if (own_value && value_follows) out.push_back(words[++i]);
    } else if (option && (option->value || value_follows)) {
      const std::string value = option->value ? *option->value : words[++i];
      out.insert(out.end(), {"--where", option->name + "=" + value});
    } else {
      out.push_back(words[i]);
    }
  }
  return out;
}

bool IsHelp(const Words& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end, [](const std::string& word) {
    return word == "-h" || word == "--help";
  });
}

absl::Status RefuseExtra(const std::string& word, const CommandSpec& command,
                         const std::string& path) {
  const bool option = word.starts_with("-") && word != "-";
  if (option) {
    const std::string name = word.substr(0, word.find('='));
    const std::string nearest = Nearest(name, OptionNames(command));
    const std::string hint = nearest.empty() ? "see: " + path + " --help"
                                             : "did you mean " + nearest + "?";
    // Any name could be a field's, so only the value is missing.
    if (command.field_options && AsLongOption(word)) {
      return Misuse(name + " needs a value", hint);
    }
    return Misuse("unknown option " + name, hint);
  }
  return Misuse("surplus argument to " + path, "see: " + path + " --help");
}

absl::Status CheckRequired(const CommandSpec& command, const Arguments& given,
                           const std::string& path) {
  for (const PositionalSpec& word : command.positionals) {
    if (word.required && !given.Has(word.name)) {
      return Misuse(path + " needs " + word.name, "see: " + path + " --help");
    }
  }
  for (const OptionSpec& option : command.options) {
    if (option.required && !given.Has(option.name)) {
      return Misuse(path + " needs --" + option.name + " " + option.value,
                    "see: " + path + " --help");
    }
  }
  return absl::OkStatus();
}

// No command was meant by the first word that is left.
absl::Status UnknownCommand(const Words& words, const CommandSpec& at,
                            const std::string& path) {
  if (words.empty() || words[0] == "-" || words[0] == "--") {
    return Misuse(path + " needs a command", "see: " + path + " --help");
  }
  if (words[0].starts_with("-")) return RefuseExtra(words[0], at, path);
  const std::string nearest = Nearest(words[0], NamesOf(at.subcommands));
  return Misuse("unknown command: " + path + " " + words[0],
                nearest.empty() ? "see: " + path + " --help"
                                : "did you mean " + path + " " + nearest + "?");
}

}  // namespace

Words OptionNames(const CommandSpec& command) {
  Words names;
  for (const OptionSpec& option : command.options) {
    names.push_back("--" + option.name);
  }
  for (const OptionSpec& option : GlobalOptionSpecs()) {
    names.push_back("--" + option.name);
  }
  return names;
}

absl::StatusOr<GlobalParse> TakeGlobalOptions(const Words& args) {
  GlobalParse parse;
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--") {
      parse.rest.insert(parse.rest.end(),
                        args.begin() + static_cast<ptrdiff_t>(i), args.end());
      break;
    }
    auto option = AsLongOption(args[i]);
    const OptionSpec* spec =
        option ? FindOption(GlobalOptionSpecs(), option->name) : nullptr;
    if (spec == nullptr) {
      parse.rest.push_back(args[i]);
      continue;
    }
    const bool takes_value = spec->takes != Takes::kNothing;
    if (takes_value && !option->value && i + 1 < args.size()) {
      option->value = args[++i];
    }
    if (takes_value && option->value.value_or("").empty()) {
      return Misuse("--" + spec->name + " needs a value",
                    "see: sodality --help");
    }
    if (!takes_value && !FlagValue(*option)) {
      return Misuse("--" + spec->name + " takes no value but true or false",
                    "see: sodality --help");
    }
    SetGlobal(*option, &parse.options);
  }
  return parse;
}

bool WantsJson(const Words& args) {
  bool wanted = false;
  for (const std::string& word : args) {
    if (word == "--") break;
    const auto option = AsLongOption(word);
    // Who writes a value that is none wanted JSON all the same.
    if (option && option->name == "json") {
      wanted = FlagValue(*option).value_or(true);
    }
  }
  return wanted;
}

absl::StatusOr<Invocation> Parse(const CommandSpec& root, const Words& args) {
  Invocation invocation;
  Words words = args;
  invocation.wants_help = IsHelp(words);
  invocation.path = TakePath(root, &words);
  const CommandSpec& command =
      invocation.path.empty() ? root : *invocation.path.back();
  const std::string path = PathName(invocation.path);
  if (invocation.wants_help) {
    const bool other_command = command.positionals.empty() &&
                               !command.subcommands.empty() &&
                               !words[0].starts_with("-");
    if (other_command) return UnknownCommand(words, command, path);
    return invocation;
  }
  if (command.handler == nullptr) return UnknownCommand(words, command, path);
  invocation.words = words;
  if (command.field_options) words = RewriteFieldOptions(command, words);

  OptionParser parser(command);
  const absl::Status parsed = parser.Run(words, path);
  if (!parsed.ok()) return parsed;
  const Words extras = parser.Extras();
  if (!extras.empty()) {
    const bool maybe_command = command.positionals.empty() &&
                               !command.subcommands.empty() &&
                               !extras[0].starts_with("-");
    return maybe_command ? UnknownCommand(extras, command, path)
                         : RefuseExtra(extras[0], command, path);
  }
  invocation.arguments = Arguments(parser.Given());
  const absl::Status complete =
      CheckRequired(command, invocation.arguments, path);
  if (!complete.ok()) return complete;
  return invocation;
}

}  // namespace sodality::cli
