#include "client/cli/completion.h"

#include <string_view>
#include <vector>

namespace sodality::cli {
namespace {

// What a command offers at its path, e.g. "member add".
struct Offer {
  std::string path;
  const CommandSpec* command = nullptr;
};

void Collect(const std::string& path, const CommandSpec& command,
             std::vector<Offer>* offers) {
  offers->push_back({path, &command});
  for (const CommandSpec& sub : command.subcommands) {
    Collect(path.empty() ? sub.name : path + " " + sub.name, sub, offers);
  }
}

std::vector<Offer> OffersOf(const CommandSpec& root) {
  std::vector<Offer> offers;
  Collect("", root, &offers);
  return offers;
}

bool TakesFile(const OptionSpec& option) {
  return option.value == "FILE" || option.value == "DIR";
}

std::string WordsOf(const CommandSpec& command) {
  std::string words;
  for (const CommandSpec& sub : command.subcommands) words += sub.name + " ";
  for (const OptionSpec& option : command.options) {
    words += "--" + option.name + " ";
  }
  for (const OptionSpec& option : GlobalOptionSpecs()) {
    words += "--" + option.name + " ";
  }
  return words + "--help";
}

// "--map|--out": the options after which a file name is offered.
std::string FileOptions(const std::vector<Offer>& offers) {
  std::string names = "--profile|--passphrase-file";
  for (const Offer& offer : offers) {
    for (const OptionSpec& option : offer.command->options) {
      if (TakesFile(option)) names += "|--" + option.name;
    }
  }
  return names;
}

// A `case` arm for every command: its path, then its words.
std::string WordCases(const std::vector<Offer>& offers,
                      const std::string& variable) {
  std::string cases;
  for (const Offer& offer : offers) {
    cases += "    '" + offer.path + "') " + variable + "='" +
             WordsOf(*offer.command) + "' ;;\n";
  }
  return cases;
}

std::string PathCases(const std::vector<Offer>& offers) {
  std::string cases;
  for (const Offer& offer : offers) {
    for (const CommandSpec& sub : offer.command->subcommands) {
      const std::string path =
          offer.path.empty() ? sub.name : offer.path + " " + sub.name;
      cases +=
          "      '" + offer.path + ":" + sub.name + "') at='" + path + "' ;;\n";
    }
  }
  return cases;
}

// Single quotes for a shell.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

std::string FishOption(const std::string& condition, const OptionSpec& option) {
  std::string line = "complete -c sodality -n " + Quoted(condition) + " -l " +
                     option.name + " -d " + Quoted(option.help);
  if (option.takes != Takes::kNothing) {
    line += TakesFile(option) ? " -r -F" : " -x";
  }
  return line + "\n";
}

std::string FishCondition(const std::string& path) {
  return "test (__sodality_path) = \"" + path + "\"";
}

}  // namespace

std::string BashCompletion(const CommandSpec& root) {
  const std::vector<Offer> offers = OffersOf(root);
  return "# bash completion for sodality\n"
         "_sodality() {\n"
         "  local at='' words='' word i\n"
         "  local current=${COMP_WORDS[COMP_CWORD]}\n"
         "  local before=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    word=${COMP_WORDS[i]}\n"
         "    case \"$at:$word\" in\n" +
         PathCases(offers) +
         "    esac\n"
         "  done\n"
         "  case $before in\n"
         "    " +
         FileOptions(offers) +
         ")\n"
         // bash's own file names, which it quotes.
         "      COMPREPLY=()\n"
         "      return ;;\n"
         "  esac\n"
         "  case \"$at\" in\n" +
         WordCases(offers, "words") +
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _sodality sodality\n";
}

std::string ZshCompletion(const CommandSpec& root) {
  const std::vector<Offer> offers = OffersOf(root);
  return "#compdef sodality\n"
         "_sodality() {\n"
         "  local at='' offered='' word\n"
         "  local -i last=$((CURRENT - 1))\n"
         "  for word in \"${(@)words[2,last]}\"; do\n"
         "    case \"$at:$word\" in\n" +
         PathCases(offers) +
         "    esac\n"
         "  done\n"
         "  case \"${words[last]}\" in\n"
         "    " +
         FileOptions(offers) +
         ") _files; return ;;\n"
         "  esac\n"
         "  case \"$at\" in\n" +
         WordCases(offers, "offered") +
         "  esac\n"
         "  compadd -- ${=offered}\n"
         "}\n"
         // Found in fpath, the file is the function's first call.
         "if [[ ${funcstack[1]} == _sodality ]]; then\n"
         "  _sodality \"$@\"\n"
         "else\n"
         "  compdef _sodality sodality\n"
         "fi\n";
}

std::string FishCompletion(const CommandSpec& root) {
  const std::vector<Offer> offers = OffersOf(root);
  std::string out =
      "# fish completion for sodality\n"
      "function __sodality_path\n"
      "  set -l at ''\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    switch \"$at:$word\"\n";
  for (const Offer& offer : offers) {
    for (const CommandSpec& sub : offer.command->subcommands) {
      const std::string path =
          offer.path.empty() ? sub.name : offer.path + " " + sub.name;
      out += "      case " + Quoted(offer.path + ":" + sub.name) +
             "\n        set at " + Quoted(path) + "\n";
    }
  }
  out +=
      "    end\n"
      "  end\n"
      "  echo $at\n"
      "end\n";
  for (const OptionSpec& option : GlobalOptionSpecs()) {
    out += FishOption("true", option);
  }
  out += "complete -c sodality -l help -d 'print help'\n";
  for (const Offer& offer : offers) {
    const std::string condition = FishCondition(offer.path);
    for (const CommandSpec& sub : offer.command->subcommands) {
      out += "complete -c sodality -n " + Quoted(condition) + " -f -a " +
             sub.name + " -d " + Quoted(sub.summary) + "\n";
    }
    for (const OptionSpec& option : offer.command->options) {
      out += FishOption(condition, option);
    }
  }
  return out;
}

}  // namespace sodality::cli
