#include "client/cli/command.h"

namespace sodality::cli {

const std::vector<OptionSpec>& GlobalOptionSpecs() {
  static const std::vector<OptionSpec> specs = {
      {"profile", "DIR",
       "where this device's key and certificate are (default: "
       "$XDG_CONFIG_HOME/sodality)",
       Takes::kOne},
      {"passphrase-file", "FILE",
       "read the passphrase of the device key from FILE", Takes::kOne},
      {"json", "", "print JSON", Takes::kNothing},
      {"no-input", "", "never ask anything", Takes::kNothing},
      {"quiet", "", "no notes, hints or progress", Takes::kNothing},
  };
  return specs;
}

bool Arguments::Has(std::string_view name) const {
  return values_.find(name) != values_.end();
}

const std::string& Arguments::One(std::string_view name) const {
  static const std::string empty;
  const auto& values = Many(name);
  return values.empty() ? empty : values.back();
}

const std::vector<std::string>& Arguments::Many(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

}  // namespace sodality::cli
