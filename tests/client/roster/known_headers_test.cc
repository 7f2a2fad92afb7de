// The exports that chapters have, header by header: what is understood, and
// what is reported instead of guessed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "client/roster/header_map.h"

namespace sodality::roster {
namespace {

using Header = std::vector<std::string>;

struct Export {
  const char* name;
  Header header;
  std::map<std::string, Header> fields;  // field -> columns, best first
  Header unmapped;
};

std::ostream& operator<<(std::ostream& out, const Export& source) {
  return out << source.name;
}

class KnownHeadersTest : public testing::TestWithParam<Export> {};

TEST_P(KnownHeadersTest, IsUnderstood) {
  const Header& header = GetParam().header;
  const auto map = MapHeader(header, FieldCatalogue::Default(), {});
  ASSERT_TRUE(map.ok()) << map.status();
  std::map<std::string, Header> fields;
  for (const FieldPlan& plan : map->fields) {
    for (const ColumnUse& use : plan.columns) {
      fields[plan.field].push_back(header[use.column]);
    }
  }
  EXPECT_EQ(fields, GetParam().fields);
  EXPECT_EQ(map->unmapped, GetParam().unmapped);
}

Export ActionNetwork() {
  return {"ActionNetwork",
          {"uuid", "email", "first_name", "last_name", "zip_code", "country",
           "can2_phone", "can2_user_address", "can2_user_city",
           "can2_state_abbreviated", "can2_county", "can2_user_tags",
           "can2_subscription_status", "can2_sms_status",
           "can2_subscription_date", "Groups"},
          {{"external_id", {"uuid"}},
           {"email", {"email"}},
           {"given_name", {"first_name"}},
           {"family_name", {"last_name"}},
           {"postal_code", {"zip_code"}},
           {"country", {"country"}},
           {"phone", {"can2_phone"}},
           {"street", {"can2_user_address"}},
           {"city", {"can2_user_city"}},
           {"consent_email", {"can2_subscription_status"}},
           {"consent_text", {"can2_sms_status"}}},
          {"can2_state_abbreviated", "can2_county", "can2_user_tags",
           "can2_subscription_date", "Groups"}};
}

Export NationBuilder() {
  return {"NationBuilder",
          {"nationbuilder_id",
           "prefix",
           "first_name",
           "middle_name",
           "last_name",
           "full_name",
           "email",
           "email1",
           "email2",
           "email1_is_bad",
           "email_opt_in",
           "phone_number",
           "work_phone_number",
           "mobile_number",
           "mobile_opt_in",
           "do_not_call",
           "do_not_contact",
           "born_at",
           "employer",
           "language",
           "note",
           "tag_list",
           "membership_started_at",
           "primary_address1",
           "primary_address2",
           "primary_city",
           "primary_state",
           "primary_zip",
           "primary_country_code",
           "primary_county",
           "billing_address1",
           "billing_city"},
          {{"external_id", {"nationbuilder_id"}},
           {"given_name", {"first_name"}},
           {"middle_name", {"middle_name"}},
           {"family_name", {"last_name"}},
           {"email", {"email", "email1", "email2"}},
           {"phone", {"mobile_number", "phone_number", "work_phone_number"}},
           {"consent_email", {"email_opt_in", "do_not_contact"}},
           {"consent_text", {"mobile_opt_in", "do_not_contact"}},
           {"consent_call", {"do_not_call", "do_not_contact"}},
           {"birthday", {"born_at"}},
           {"languages", {"language"}},
           {"notes", {"note"}},
           {"joined", {"membership_started_at"}},
           {"street", {"primary_address1", "primary_address2"}},
           {"city", {"primary_city"}},
           {"state", {"primary_state"}},
           {"postal_code", {"primary_zip"}},
           {"country", {"primary_country_code"}}},
          {"prefix", "full_name", "email1_is_bad", "employer", "tag_list",
           "primary_county", "billing_address1", "billing_city"}};
}

Export CiviCrm() {
  return {"CiviCRM",
          {"Contact ID",
           "Contact Type",
           "External Identifier",
           "Sort Name",
           "Display Name",
           "Nickname",
           "First Name",
           "Middle Name",
           "Last Name",
           "Birth Date",
           "Preferred Language",
           "Do Not Email",
           "Do Not Phone",
           "Do Not Sms",
           "No Bulk Emails (User Opt Out)",
           "Street Address",
           "Supplemental Address 1",
           "City",
           "Postal Code",
           "Postal Code Suffix",
           "State",
           "Country",
           "Phone",
           "Email",
           "Group(s)",
           "Note(s)"},
          {{"external_id", {"External Identifier"}},
           {"preferred_name", {"Nickname"}},
           {"given_name", {"First Name"}},
           {"middle_name", {"Middle Name"}},
           {"family_name", {"Last Name"}},
           {"birthday", {"Birth Date"}},
           {"languages", {"Preferred Language"}},
           {"consent_email", {"Do Not Email", "No Bulk Emails (User Opt Out)"}},
           {"consent_call", {"Do Not Phone"}},
           {"consent_text", {"Do Not Sms"}},
           {"street", {"Street Address", "Supplemental Address 1"}},
           {"city", {"City"}},
           {"postal_code", {"Postal Code"}},
           {"state", {"State"}},
           {"country", {"Country"}},
           {"phone", {"Phone"}},
           {"email", {"Email"}},
           {"notes", {"Note(s)"}}},
          {"Contact ID", "Contact Type", "Sort Name", "Display Name",
           "Postal Code Suffix", "Group(s)"}};
}

Export CiviCrmByLocation() {
  return {"CiviCRMByLocation",
          {"Contact ID", "First Name", "Last Name", "Home-Street Address",
           "Home-City", "Home-State", "Home-Postal Code", "Home-Phone-Phone",
           "Home-Email", "Work-Street Address", "Work-City", "Work-Email"},
          {{"external_id", {"Contact ID"}},
           {"given_name", {"First Name"}},
           {"family_name", {"Last Name"}},
           {"street", {"Home-Street Address"}},
           {"city", {"Home-City"}},
           {"state", {"Home-State"}},
           {"postal_code", {"Home-Postal Code"}},
           {"phone", {"Home-Phone-Phone"}},
           {"email", {"Home-Email", "Work-Email"}}},
          {"Work-Street Address", "Work-City"}};
}

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

Export SolidarityTech() {
  return {"SolidarityTech",
          {"Full Name", "Alternate Name", "Email", "Phone Number", "Zip Code",
           "Date of Birth (YYYY-MM-DD)", "Preferred Language", "Tags",
           "Chapter", "Branch", "Solidarity Tech User ID"},
          {{"given_name", {"Full Name"}},
           {"preferred_name", {"Alternate Name"}},
           {"email", {"Email"}},
           {"phone", {"Phone Number"}},
           {"postal_code", {"Zip Code"}},
           {"birthday", {"Date of Birth (YYYY-MM-DD)"}},
           {"languages", {"Preferred Language"}},
           {"region", {"Chapter"}},
           {"external_id", {"Solidarity Tech User ID"}}},
          {"Tags", "Branch"}};
}

Export Dsa() {
  return {
      "DSA",
      {"AK_ID",
       "prefix",
       "first_name",
       "middle_name",
       "last_name",
       "suffix",
       "billing_address1",
       "billing_city",
       "Mailing_Address1",
       "address2",
       "Mailing_City",
       "state",
       "Mailing_Zip",
       "country",
       "best_phone",
       "mobile_phone",
       "home_phone",
       "work_phone",
       "email",
       "mail_preference",
       "do_not_call",
       "p2ptext_optout",
       "join_date",
       "xdate",
       "membership_type",
       "monthly_dues_status",
       "membership_status",
       "union_member",
       "dsa_chapter",
       "accomodations",
       "race",
       "list_date"},
      {{"external_id", {"AK_ID"}},
       {"given_name", {"first_name"}},
       {"middle_name", {"middle_name"}},
       {"family_name", {"last_name"}},
       {"street", {"Mailing_Address1", "address2"}},
       {"city", {"Mailing_City"}},
       {"state", {"state"}},
       {"postal_code", {"Mailing_Zip"}},
       {"country", {"country"}},
       {"phone", {"best_phone", "mobile_phone", "home_phone", "work_phone"}},
       {"email", {"email"}},
       {"consent_call", {"do_not_call"}},
       {"consent_text", {"p2ptext_optout"}},
       {"joined", {"join_date"}},
       {"dues", {"membership_status", "monthly_dues_status"}},
       {"region", {"dsa_chapter"}},
       {"accessibility", {"accomodations"}}},
      {"prefix", "suffix", "billing_address1", "billing_city",
       "mail_preference", "xdate", "membership_type", "union_member", "race",
       "list_date"}};
}

INSTANTIATE_TEST_SUITE_P(Exports, KnownHeadersTest,
                         testing::Values(ActionNetwork(), NationBuilder(),
                                         CiviCrm(), CiviCrmByLocation(),
                                         GoogleContacts(), OldGoogleContacts(),
                                         Outlook(), SolidarityTech(), Dsa()),
                         [](const auto& source) { return source.param.name; });

}  // namespace
}  // namespace sodality::roster
