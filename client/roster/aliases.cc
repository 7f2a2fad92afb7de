#include "client/roster/aliases.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "text/normalise.h"

namespace sodality::roster {
namespace {

struct NamedAlias {
  std::string_view key;
  std::string_view field;
  Reading reading = Reading::kAsIs;
};

// Earlier entries of a field are better. The address has its own tables.
constexpr NamedAlias kAliases[] = {
    {"firstname", "given_name"},
    {"first", "given_name"},
    {"forename", "given_name"},
    {"additionalname", "middle_name"},
    {"middle", "middle_name"},
    {"lastname", "family_name"},
    {"last", "family_name"},
    {"surname", "family_name"},
    {"nickname", "preferred_name"},
    {"alternatename", "preferred_name"},
    {"preferredfirstname", "preferred_name"},
    {"goesby", "preferred_name"},
    {"pronoun", "pronouns"},
    {"preferredpronouns", "pronouns"},
    {"birthdate", "birthday"},
    {"dateofbirth", "birthday"},
    {"dateofbirthyyyymmdd", "birthday"},
    {"dob", "birthday"},
    {"bornat", "birthday"},

    {"emailaddress", "email"},
    {"primaryemail", "email"},
    {"email1", "email"},
    {"email1value", "email"},
    {"personalemail", "email"},
    {"homeemail", "email"},
    {"mainemail", "email"},
    {"email2", "email"},
    {"email2value", "email"},
    {"email3", "email"},
    {"email3value", "email"},
    {"email4", "email"},
    {"otheremail", "email"},
    {"workemail", "email"},

    {"bestphone", "phone"},
    {"primaryphone", "phone"},
    {"mobilephone", "phone"},
    {"mobilenumber", "phone"},
    {"mobile", "phone"},
    {"cellphone", "phone"},
    {"cell", "phone"},
    {"can2phone", "phone"},
    {"phonenumber", "phone"},
    {"telephone", "phone"},
    {"phone1value", "phone"},
    {"homephone", "phone"},
    {"homephonephone", "phone"},
    {"mainphonephone", "phone"},
    {"phone2value", "phone"},
    {"phone3value", "phone"},
    {"otherphonephone", "phone"},
    {"workphone", "phone"},
    {"workphonenumber", "phone"},
    {"workphonephone", "phone"},
    {"businessphone", "phone"},

    {"regions", "region"},
    {"chapter", "region"},
    {"dsachapter", "region"},
    {"committee", "committees"},
    {"committeelist", "committees"},
    {"language", "languages"},
    {"preferredlanguage", "languages"},
    {"skill", "skills"},
    {"engagementstage", "stage"},
    {"joindate", "joined"},
    {"datejoined", "joined"},
    {"joinedon", "joined"},
    {"membersince", "joined"},
    {"membershipstartedat", "joined"},
    {"duesstatus", "dues"},
    {"membershipstatus", "dues"},
    {"monthlyduesstatus", "dues"},
    {"yearlyduesstatus", "dues"},
    {"annualrecurringduesstatus", "dues"},
    {"accommodations", "accessibility"},
    {"accomodations", "accessibility"},
    {"accessibilityneeds", "accessibility"},
    {"note", "notes"},

    {"externalidentifier", "external_id"},
    {"actionkitid", "external_id"},
    {"akid", "external_id"},
    {"nationbuilderid", "external_id"},
    {"solidaritytechuserid", "external_id"},
    {"contactid", "external_id"},
    {"uuid", "external_id"},
    {"memberid", "external_id"},

    {"phoneoptin", "consent_call"},
    {"donotcall", "consent_call", Reading::kRefusal},
    {"donotphone", "consent_call", Reading::kRefusal},
    {"donotcontact", "consent_call", Reading::kRefusal},
    {"mobileoptin", "consent_text"},
    {"textoptin", "consent_text"},
    {"smsoptin", "consent_text"},
    {"can2smsstatus", "consent_text", Reading::kSubscription},
    {"p2ptextoptout", "consent_text", Reading::kRefusal},
    {"donotsms", "consent_text", Reading::kRefusal},
    {"donottext", "consent_text", Reading::kRefusal},
    {"donotcontact", "consent_text", Reading::kRefusal},
    {"emailoptin", "consent_email"},
    {"can2subscriptionstatus", "consent_email", Reading::kSubscription},
    {"donotemail", "consent_email", Reading::kRefusal},
    {"nobulkemails", "consent_email", Reading::kRefusal},
    {"nobulkemailsuseroptout", "consent_email", Reading::kRefusal},
    {"donotcontact", "consent_email", Reading::kRefusal},
};

constexpr std::string_view kFullNames[] = {"fullname", "name", "displayname"};

// What may stand before a part of an address, better groups first. The empty
// one, which names no group, is not in it.
constexpr std::string_view kAddressGroups[] = {
    "primary",  "address1", "mailing",       "home",    "main",
    "address",  "can2user", "usersubmitted", "can2",    "work",
    "business", "other",    "billing",       "address2"};

struct AddressPart {
  std::string_view key;
  std::string_view field;
  int part = 0;
};

constexpr AddressPart kAddressParts[] = {
    {"street", "street"},
    {"streetaddress", "street"},
    {"address", "street"},
    {"address1", "street"},
    {"addressline1", "street"},
    {"address2", "street", 1},
    {"addressline2", "street", 1},
    {"extendedaddress", "street", 1},
    {"supplementaladdress1", "street", 1},
    {"address3", "street", 2},
    {"supplementaladdress2", "street", 2},
    {"supplementaladdress3", "street", 3},
    {"city", "city"},
    {"state", "state"},
    {"stateabbreviated", "state"},
    {"stateprovince", "state"},
    {"postalcode", "postal_code"},
    {"zip", "postal_code"},
    {"zipcode", "postal_code"},
    {"country", "country"},
    {"countrycode", "country"},
};

std::optional<Alias> AddressPartOf(std::string_view key, int group) {
  int rank = 0;
  for (const AddressPart& known : kAddressParts) {
    ++rank;
    if (known.key == key) {
      return Alias{.field = known.field,
                   .rank = rank,
                   .group = group,
                   .part = known.part};
    }
  }
  return std::nullopt;
}

// Google writes "Address 1 - Region"; elsewhere a region is no state.
std::optional<Alias> GoogleState(std::string_view key, int group) {
  if (key != "region") return std::nullopt;
  return Alias{.field = "state", .rank = 1, .group = group};
}

std::optional<Alias> AddressAliasOf(std::string_view key) {
  std::optional<Alias> found = AddressPartOf(key, kNoAddressGroup);
  int group = kNoAddressGroup;
  for (const std::string_view prefix : kAddressGroups) {
    ++group;
    if (found) return found;
    if (!key.starts_with(prefix)) continue;
    const std::string_view rest = key.substr(prefix.size());
    found = prefix == "address1" || prefix == "address2"
                ? GoogleState(rest, group)
                : std::nullopt;
    if (!found) found = AddressPartOf(rest, group);
  }
  return found;
}

}  // namespace

std::string ColumnKey(std::string_view column) {
  std::string key;
  for (const char c : text::Normalise(column)) {
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    if (!ascii || absl::ascii_isalnum(static_cast<unsigned char>(c))) key += c;
  }
  return key;
}

std::vector<Alias> AliasesOf(std::string_view key) {
  std::vector<Alias> aliases;
  int rank = 0;
  for (const NamedAlias& known : kAliases) {
    ++rank;
    if (known.key != key) continue;
    aliases.push_back(
        {.field = known.field, .rank = rank, .reading = known.reading});
  }
  for (const std::string_view name : kFullNames) {
    ++rank;
    if (name != key) continue;
    aliases.push_back({.field = "given_name", .rank = rank, .full_name = true});
  }
  if (const auto address = AddressAliasOf(key)) aliases.push_back(*address);
  return aliases;
}

bool IsAddressField(std::string_view field) {
  for (const AddressPart& known : kAddressParts) {
    if (known.field == field) return true;
  }
  return false;
}

}  // namespace sodality::roster
