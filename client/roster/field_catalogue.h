// Which fields a roster can fill.
#ifndef SODALITY_CLIENT_ROSTER_FIELD_CATALOGUE_H_
#define SODALITY_CLIENT_ROSTER_FIELD_CATALOGUE_H_

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "client/include/sodality/types.h"

namespace sodality::roster {

// A value: the names of fields, and which of them hold lists.
class FieldCatalogue final {
 public:
  // The fields of the default schema.
  [[nodiscard]] static FieldCatalogue Default();
  // Those of a server (Client::GetSchema).
  [[nodiscard]] static FieldCatalogue FromSchema(
      std::span<const SchemaField> fields);

  [[nodiscard]] bool Has(std::string_view field) const;
  [[nodiscard]] bool IsList(std::string_view field) const;
  // Name of each field -> whether it is a list.
  [[nodiscard]] const std::map<std::string, bool, std::less<>>& fields() const {
    return fields_;
  }

 private:
  std::map<std::string, bool, std::less<>> fields_;
};

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_FIELD_CATALOGUE_H_
