// What the library speaks of: plain structs, no behaviour. Names and limits
// are those of the API (proto/sodality/v1). Read next: client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_TYPES_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_TYPES_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sodality {

// UTC, whole seconds, as the API has them.
using Time = std::chrono::sys_seconds;

// A field of a member. A list field has several values.
// Secrets: values are personal data. The library never logs them.
struct Field {
  std::string name;
  std::vector<std::string> values;
  friend bool operator==(const Field&, const Field&) = default;
};

struct Member {
  std::string id;  // 26 base32 characters
  uint64_t revision = 0;
  std::vector<Field> fields;
  // Names of fields that the grant shows on request and that are not here.
  std::vector<std::string> hidden;
};

// A field compared exactly, after normalisation; any value of a list matches.
struct Filter {
  std::string field;
  std::string value;
};

// What to show beyond the fields of class basic.
struct View {
  bool reveal = false;              // every field of the grant
  std::vector<std::string> fields;  // these alone, when not empty
};

// `grant_id` may be empty everywhere: the caller's only grant in force.
struct MemberRequest {
  std::string member_id;
  std::string grant_id;
  View view;
};

struct MemberQuery {
  std::vector<std::string> words;  // at most 8
  std::vector<Filter> filters;     // at most 8
  std::string grant_id;
  View view;
  int page_size = 20;  // at most 100
  std::string page_token;
  std::string country;  // two letters; the chapter's when empty
};

struct MemberPage {
  std::vector<Member> members;  // in member-id order
  std::string next_page_token;  // empty: no more
};

// A question of a stream of look-ups. Their grant_id stays empty: the stream
// has a grant.
using LookupQuery = std::variant<MemberRequest, MemberQuery>;
// To a MemberRequest a Member, to a MemberQuery a MemberPage.
using LookupAnswer = std::variant<Member, MemberPage>;

struct NewMember {
  std::vector<Field> fields;
  std::string grant_id;
};

struct MemberEdit {
  std::string member_id;       // not used for one's own record
  uint64_t revision = 0;       // refuse unless current; 0: whatever it is
  std::vector<Field> changes;  // a field without values is cleared
  std::string grant_id;        // not used for one's own record
};

struct MemberErasure {
  std::string member_id;
  std::string grant_id;
};

// What a write answers: the member's id and the new revision.
struct Written {
  std::string id;
  uint64_t revision = 0;
};

struct RosterRow {
  uint64_t row = 0;  // in the caller's file, from 1
  std::vector<Field> fields;
};

struct PushOptions {
  std::string source;  // at most 64 bytes; "roster" when empty
  bool dry_run = false;
  bool fill_blanks = false;
};

struct RowError {
  uint64_t row = 0;
  std::string column;
  std::string reason;
};

// rows = added + changed + unchanged + suppressed + invalid_rows.
struct PushResult {
  uint64_t rows = 0;
  uint64_t added = 0;
  uint64_t changed = 0;
  uint64_t unchanged = 0;
  uint64_t suppressed = 0;
  std::vector<RowError> invalid;  // at most 1,000
  uint64_t invalid_rows = 0;
};

struct SchemaField {
  std::string name;
  std::string field_class;  // basic, contact or sensitive
  std::string type;         // text, name, email, phone, date, boolean or tag
  bool is_list = false;
  bool filterable = false;
  bool self_edit = false;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_TYPES_H_
