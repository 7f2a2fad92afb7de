#include "absl/strings/substitute.h"
#include "server/core/schema.h"

namespace sodality::core {
namespace {

constexpr char kToml[] = R"(# The fields of a member.
#
# class      who sees it: "basic", "contact" or "sensitive", as a grant says
# type       "text", "name", "email", "phone", "date", "boolean" or "tag"
# list       true: several values
# index      true: found without opening every member; needed by names
# scope      true: may limit a grant (tags only)
# self_edit  true: members may change it in their own record
# unique     true: how a roster knows its members; one field at most
#
# An id stands for its field for ever: never change one, nor give it to another
# field. Class, list, self_edit and scope may change at any time; a changed
# type or index is for new writes only.

[chapter]
# How many members the index is planned for at the least.
expected_members = $0

[[field]]
id = 1
name = "given_name"
class = "basic"
type = "name"
index = true
self_edit = true

[[field]]
id = 2
name = "middle_name"
class = "basic"
type = "name"
index = true
self_edit = true

[[field]]
id = 3
name = "family_name"
class = "basic"
type = "name"
index = true
self_edit = true

[[field]]
id = 4
name = "preferred_name"
class = "basic"
type = "name"
index = true
self_edit = true

[[field]]
id = 5
name = "pronouns"
class = "basic"
type = "text"
self_edit = true

[[field]]
id = 6
name = "birthday"
class = "sensitive"
type = "date"
self_edit = true

[[field]]
id = 7
name = "email"
class = "contact"
type = "email"
index = true
self_edit = true

[[field]]
id = 8
name = "phone"
class = "contact"
type = "phone"
index = true
self_edit = true

[[field]]
id = 9
name = "street"
class = "contact"
type = "text"
self_edit = true

[[field]]
id = 10
name = "city"
class = "contact"
type = "text"
self_edit = true

[[field]]
id = 11
name = "state"
class = "contact"
type = "text"
self_edit = true

[[field]]
id = 12
name = "postal_code"
class = "contact"
type = "text"
self_edit = true

[[field]]
id = 13
name = "country"
class = "contact"
type = "text"
self_edit = true

[[field]]
id = 14
name = "region"
class = "basic"
type = "tag"
index = true
scope = true

[[field]]
id = 15
name = "committees"
class = "basic"
type = "tag"
list = true
index = true
scope = true

[[field]]
id = 16
name = "languages"
class = "sensitive"
type = "tag"
list = true
index = true
self_edit = true

[[field]]
id = 17
name = "skills"
class = "sensitive"
type = "tag"
list = true
index = true
self_edit = true

[[field]]
id = 18
name = "needs"
class = "sensitive"
type = "tag"
list = true
self_edit = true

[[field]]
id = 19
name = "resources"
class = "sensitive"
type = "tag"
list = true
self_edit = true

[[field]]
id = 20
name = "stage"
class = "sensitive"
type = "text"

[[field]]
id = 21
name = "joined"
class = "sensitive"
type = "date"

[[field]]
id = 22
name = "dues"
class = "sensitive"
type = "text"

[[field]]
id = 23
name = "consent_call"
class = "contact"
type = "boolean"
self_edit = true

[[field]]
id = 24
name = "consent_text"
class = "contact"
type = "boolean"
self_edit = true

[[field]]
id = 25
name = "consent_email"
class = "contact"
type = "boolean"
self_edit = true

[[field]]
id = 26
name = "accessibility"
class = "sensitive"
type = "text"
self_edit = true

[[field]]
id = 27
name = "notes"
class = "sensitive"
type = "text"

[[field]]
id = 28
name = "external_id"
class = "sensitive"
type = "text"
index = true
unique = true
)";

}  // namespace

std::string Schema::DefaultToml(uint64_t expected_members) {
  return absl::Substitute(kToml, expected_members);
}

}  // namespace sodality::core
