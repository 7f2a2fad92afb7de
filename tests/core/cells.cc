#include "tests/core/cells.h"

namespace sodality::core {

std::vector<crypto::SecretBytes> Secrets(
    const std::vector<std::string>& texts) {
  std::vector<crypto::SecretBytes> secrets;
  for (const std::string& text : texts) {
    secrets.push_back(crypto::SecretBytes::CopyOf(crypto::AsBytes(text)));
  }
  return secrets;
}

std::vector<FieldInput> Inputs(const Cells& cells) {
  std::vector<FieldInput> inputs;
  for (const auto& [name, values] : cells) {
    inputs.push_back({name, Secrets(values)});
  }
  return inputs;
}

Shown ShownIn(const ProjectedMember& member) {
  Shown shown;
  for (const ProjectedField& field : member.fields) {
    for (const std::string_view value : field.values.views()) {
      shown[field.spec->name].emplace_back(value);
    }
  }
  return shown;
}

std::vector<std::string> HiddenIn(const ProjectedMember& member) {
  std::vector<std::string> names;
  for (const FieldSpec* spec : member.hidden) names.push_back(spec->name);
  return names;
}

}  // namespace sodality::core
