// Exports of address books.
#include "tests/client/roster/known_exports.h"

namespace sodality::roster {

Export GoogleContacts() {
  return {"GoogleContacts",
          {"First Name",
           "Middle Name",
           "Last Name",
           "Phonetic First Name",
           "Name Prefix",
           "Nickname",
           "File As",
           "Birthday",
           "Notes",
           "Labels",
           "E-mail 1 - Label",
           "E-mail 1 - Value",
           "E-mail 2 - Value",
           "Phone 1 - Label",
           "Phone 1 - Value",
           "Address 1 - Formatted",
           "Address 1 - Street",
           "Address 1 - City",
           "Address 1 - PO Box",
           "Address 1 - Region",
           "Address 1 - Postal Code",
           "Address 1 - Country",
           "Address 1 - Extended Address",
           "Address 2 - City"},
          {{"given_name", {"First Name"}},
           {"middle_name", {"Middle Name"}},
           {"family_name", {"Last Name"}},
           {"preferred_name", {"Nickname"}},
           {"birthday", {"Birthday"}},
           {"notes", {"Notes"}},
           {"email", {"E-mail 1 - Value", "E-mail 2 - Value"}},
           {"phone", {"Phone 1 - Value"}},
           {"street", {"Address 1 - Street", "Address 1 - Extended Address"}},
           {"city", {"Address 1 - City"}},
           {"state", {"Address 1 - Region"}},
           {"postal_code", {"Address 1 - Postal Code"}},
           {"country", {"Address 1 - Country"}}},
          {"Phonetic First Name", "Name Prefix", "File As", "Labels",
           "E-mail 1 - Label", "Phone 1 - Label", "Address 1 - Formatted",
           "Address 1 - PO Box", "Address 2 - City"}};
}

Export OldGoogleContacts() {
  return {"OldGoogleContacts",
          {"Name", "Given Name", "Additional Name", "Family Name", "Yomi Name",
           "Group Membership", "E-mail 1 - Type", "E-mail 1 - Value",
           "Phone 1 - Type", "Phone 1 - Value", "Organization 1 - Name"},
          {{"given_name", {"Given Name"}},
           {"middle_name", {"Additional Name"}},
           {"family_name", {"Family Name"}},
           {"email", {"E-mail 1 - Value"}},
           {"phone", {"Phone 1 - Value"}}},
          {"Name", "Yomi Name", "Group Membership", "E-mail 1 - Type",
           "Phone 1 - Type", "Organization 1 - Name"}};
}

Export Outlook() {
  return {
      "Outlook",
      {"First Name", "Last Name", "E-mail Address", "Company", "Mobile Phone",
       "Business Phone", "Home Street", "Home City", "Business City"},
      {{"given_name", {"First Name"}},
       {"family_name", {"Last Name"}},
       {"email", {"E-mail Address"}},
       {"phone", {"Mobile Phone", "Business Phone"}},
       {"street", {"Home Street"}},
       {"city", {"Home City"}}},
      {"Company", "Business City"}};
}

}  // namespace sodality::roster
