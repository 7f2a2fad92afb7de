#include "client/roster/field_catalogue.h"

namespace sodality::roster {

FieldCatalogue FieldCatalogue::Default() {
  FieldCatalogue catalogue;
  for (const char* const name :
       {"given_name",    "middle_name",  "family_name",  "preferred_name",
        "pronouns",      "birthday",     "email",        "phone",
        "street",        "city",         "state",        "postal_code",
        "country",       "region",       "stage",        "joined",
        "dues",          "consent_call", "consent_text", "consent_email",
        "accessibility", "notes",        "external_id"}) {
    catalogue.fields_[name] = false;
  }
  for (const char* const name :
       {"committees", "languages", "skills", "needs", "resources"}) {
    catalogue.fields_[name] = true;
  }
  return catalogue;
}

FieldCatalogue FieldCatalogue::FromSchema(std::span<const SchemaField> fields) {
  FieldCatalogue catalogue;
  for (const SchemaField& field : fields) {
    catalogue.fields_[field.name] = field.is_list;
  }
  return catalogue;
}

bool FieldCatalogue::Has(std::string_view field) const {
  return fields_.find(field) != fields_.end();
}

bool FieldCatalogue::IsList(std::string_view field) const {
  const auto found = fields_.find(field);
  return found != fields_.end() && found->second;
}

}  // namespace sodality::roster
