#include "client/cli/option_parser.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace sodality::cli {
namespace {

// CLI11's messages begin with the option's name.
std::string NameIn(const std::string& message) {
  return message.substr(0, message.find_first_of(": "));
}

}  // namespace

absl::Status Misuse(const std::string& message, const std::string& hint) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = "USAGE", .hint = hint});
}

OptionParser::OptionParser(const CommandSpec& command)
    : command_(command), app_("", command.name) {
  app_.set_help_flag();
  app_.allow_extras();
  for (const OptionSpec& option : command.options) AddOption(option);
  app_.add_option("words", words_);
}

absl::Status OptionParser::Run(std::vector<std::string> words,
                               const std::string& path) {
  std::reverse(words.begin(), words.end());
  try {
    app_.parse(words);
  } catch (const CLI::ArgumentMismatch& e) {
    return Misuse(absl::StrCat(NameIn(e.what()), " needs a value"),
                  "see: " + path + " --help");
  } catch (const CLI::ParseError& e) {
    return Misuse(e.what(), "see: " + path + " --help");
  }
  return absl::OkStatus();
}

std::vector<std::string> OptionParser::Extras() const {
  std::vector<std::string> extras = app_.remaining();
  std::erase(extras, "--");
  const auto surplus = words_.begin() + static_cast<ptrdiff_t>(
                                            std::min(words_.size(), Wanted()));
  extras.insert(extras.end(), surplus, words_.end());
  return extras;
}

Arguments::Values OptionParser::Given() const {
  Arguments::Values given;
  for (const auto& [name, slot] : slots_) {
    if (slot->option->count() > 0) given[name] = slot->values;
  }
  size_t at = 0;
  for (const PositionalSpec& spec : command_.positionals) {
    while (at < words_.size()) {
      given[spec.name].push_back(words_[at++]);
      if (spec.takes == Takes::kOne) break;
    }
  }
  return given;
}

void OptionParser::AddOption(const OptionSpec& spec) {
  auto slot = std::make_unique<Slot>();
  if (spec.takes == Takes::kNothing) {
    slot->option = app_.add_flag("--" + spec.name);
  } else {
    slot->option = app_.add_option("--" + spec.name, slot->values);
    slot->option->type_size(1)->allow_extra_args(spec.takes == Takes::kSeveral);
    slot->option->take_all();
  }
  slots_[spec.name] = std::move(slot);
}

size_t OptionParser::Wanted() const {
  for (const PositionalSpec& spec : command_.positionals) {
    if (spec.takes == Takes::kSeveral) return words_.size();
  }
  return command_.positionals.size();
}

}  // namespace sodality::cli
