#include "text/email.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "absl/status/status.h"
#include "tests/text/some_text.h"

namespace sodality::text {
namespace {

using testing::HasSubstr;

struct Address {
  std::string text;
  std::string canonical;
};

class EmailTest : public testing::TestWithParam<Address> {};

TEST_P(EmailTest, GivesTheCanonicalForm) {
  const auto email = ParseEmail(GetParam().text);
  ASSERT_TRUE(email.ok()) << GetParam().text << ": " << email.status();
  EXPECT_EQ(*email, GetParam().canonical);
  EXPECT_EQ(ParseEmail(*email).value(), *email);
}

INSTANTIATE_TEST_SUITE_P(
    Addresses, EmailTest,
    testing::Values(Address{"maria@example.org", "maria@example.org"},
                    Address{"  Maria.Gonzalez@Example.ORG ",
                            "maria.gonzalez@example.org"},
                    Address{"maria+list@example.org", "maria+list@example.org"},
                    Address{"m_o'brien-2@mail.example.co.uk",
                            "m_o'brien-2@mail.example.co.uk"},
                    Address{"josé@example.org", "josé@example.org"},
                    Address{"JOSE\xCC\x81@example.org", "josé@example.org"},
                    Address{"a@EXÄMPLE.com", "a@xn--exmple-cua.com"},
                    Address{"a@xn--exmple-cua.com", "a@xn--exmple-cua.com"},
                    Address{"a@straße.de", "a@xn--strae-oqa.de"},
                    Address{"a@例え.jp", "a@xn--r8jz45g.jp"}));

struct Refusal {
  std::string text;
  const char* reason;
};

class EmailRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(EmailRefusalTest, SaysWhatIsWrong) {
  const auto email = ParseEmail(GetParam().text);
  ASSERT_EQ(email.status().code(), absl::StatusCode::kInvalidArgument)
      << GetParam().text;
  EXPECT_THAT(std::string(email.status().message()),
              HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    Refusals, EmailRefusalTest,
    testing::Values(
        Refusal{"", "no @"}, Refusal{"ａ＠example.org", "no @"},
        Refusal{"maria", "no @"}, Refusal{"a@b@example.org", "more than one @"},
        Refusal{"@example.org", "before the @"},
        Refusal{"a@", "not a domain name"}, Refusal{"a@b", "no dot"},
        Refusal{"a@.example.org", "not a domain name"},
        Refusal{"a@example..org", "not a domain name"},
        Refusal{"a@example.org.", "not a domain name"},
        Refusal{"a@-example.org", "not a domain name"},
        Refusal{"a@exam ple.org", "not a domain name"},
        Refusal{"a@exam_ple.org", "not a domain name"},
        Refusal{"a@[127.0.0.1]", "not a domain name"},
        Refusal{".a@example.org", "dot"}, Refusal{"a.@example.org", "dot"},
        Refusal{"a..b@example.org", "dot"},
        Refusal{"a b@example.org", "not allowed"},
        Refusal{"\"a\"@example.org", "not allowed"},
        Refusal{"Maria <a@example.org>", "not"},
        Refusal{"a;b@example.org", "not allowed"},
        Refusal{"a＠b@example.org", "not allowed"},
        Refusal{"a\tb@example.org", "control"},
        Refusal{"a\x1B@example.org", "control"},
        Refusal{"a\xFF@example.org", "UTF-8"},
        Refusal{std::string(65, 'a') + "@example.org", "64 bytes"},
        Refusal{std::string(300, 'a') + "@example.org", "254 bytes"},
        Refusal{"a@" + std::string(64, 'b') + ".org", "not a domain name"}));

RC_GTEST_PROP(EmailPropertyTest, CanonicalFormsAreFixedPoints, ()) {
  const std::string local = *rc::gen::resize(12, AnyText());
  const auto email = ParseEmail(local + "@example.org");
  if (!email.ok()) return;
  const auto again = ParseEmail(*email);
  RC_ASSERT(again.ok());
  RC_ASSERT(*again == *email);
}

RC_GTEST_PROP(EmailPropertyTest, AnyBytesAreParsedOrRefused, ()) {
  const auto email = ParseEmail("a@" + *AnyBytes());
  RC_ASSERT(email.ok() || absl::IsInvalidArgument(email.status()));
}

}  // namespace
}  // namespace sodality::text
