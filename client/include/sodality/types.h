// What the library speaks of: plain structs, no behaviour. Names and limits
// are those of the API (proto/sodality/v1). Read next: client.h.
//
// Ids are 26 characters of base32. Every struct may be filled in part: what is
// left out has the default that is written here, and "required" means that the
// server refuses the default with INVALID_ARGUMENT (INVALID_VALUE). Copying is
// safe from any thread; writing to a shared one is not.
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

// A field of a member. Sent: at most 64 values of at most 16 KiB of UTF-8 each.
// Secrets: values are personal data. The library never logs them.
struct Field {
  // Of the schema (Client::GetSchema), at most 64 bytes. Required.
  std::string name = {};
  // One, or several of a list field.
  std::vector<std::string> values = {};
  // Same name, same values in the same order.
  friend bool operator==(const Field&, const Field&) = default;
};

// What one answer shows of a member.
// Secrets: all of it is personal data, in ordinary memory.
struct Member {
  // The member's id; the same for the member's life.
  std::string id = {};
  // Counts the member's writes from 1; MemberEdit::revision takes it.
  uint64_t revision = 0;
  // What this answer reveals; a field without a value is left out.
  std::vector<Field> fields = {};
  // Names of fields that the grant shows on request and that are not here.
  std::vector<std::string> hidden = {};
};

// A field compared exactly, after normalisation; any value of a list matches.
struct Filter {
  // A field that the grant shows, else UNKNOWN_FIELD; slow unless the schema
  // marks it filterable. Required.
  std::string field = {};
  // What it must be. Required.
  std::string value = {};
};

// What to show. Default: the grant's fields of class basic.
struct View {
  // Every field of the grant.
  bool reveal = false;
  // These alone, when not empty; at most 64. UNKNOWN_FIELD for one that the
  // grant does not show.
  std::vector<std::string> fields = {};
};

// Asks for one member.
struct MemberRequest {
  // Whose record. Required.
  std::string member_id = {};
  // The grant to look through; empty, here and below: the caller's only one in
  // force.
  std::string grant_id = {};
  // What to show of the member.
  View view = {};
};

// Asks for the members that match every word and every filter.
struct MemberQuery {
  // At most 8, of at most 256 bytes each. Prefixes of names in any script
  // (whole names below 3 letters), an e-mail address, or a telephone number in
  // any spelling.
  std::vector<std::string> words = {};
  // At most 8.
  std::vector<Filter> filters = {};
  // As in MemberRequest.
  std::string grant_id = {};
  // What to show of each member.
  View view = {};
  // Members in an answer, each of them charged; 0 means 20; more than 100 is
  // taken as 100.
  int page_size = 20;
  // MemberPage::next_page_token of the page before; the rest of the question
  // stays the same, else INVALID_ARGUMENT (BAD_PAGE_TOKEN). Good for an hour.
  std::string page_token = {};
  // How to read a national telephone number: two letters; the chapter's when
  // empty.
  std::string country = {};
};

// Some of the members that match.
struct MemberPage {
  // In member-id order; perhaps few or none although there are more.
  std::vector<Member> members = {};
  // For the page after; empty: no more.
  std::string next_page_token = {};
};

// A question of a stream of look-ups. Its grant_id stays empty: the stream has
// a grant.
using LookupQuery = std::variant<MemberRequest, MemberQuery>;
// To a MemberRequest a Member, to a MemberQuery a MemberPage.
using LookupAnswer = std::variant<Member, MemberPage>;

// A member to add.
struct NewMember {
  // At least one name field; all of them in the grant's classes. Required.
  std::vector<Field> fields = {};
  // The grant to write through, as in MemberRequest.
  std::string grant_id = {};
};

// Fields to change; those that are not named stay.
struct MemberEdit {
  // Whose record. Required, but for one's own record, which does not use it.
  std::string member_id = {};
  // ABORTED (STALE_REVISION) unless it is the current one; 0: whatever it is.
  uint64_t revision = 0;
  // At least one; a field without values is cleared. Required.
  std::vector<Field> changes = {};
  // The grant to write through, as in MemberRequest; not used for one's own
  // record.
  std::string grant_id = {};
};

// A member to erase.
struct MemberErasure {
  // Whose record. Required.
  std::string member_id = {};
  // The grant to act through, as in MemberRequest.
  std::string grant_id = {};
};

// What a write answers.
struct Written {
  // The member's; empty for one's own record.
  std::string id = {};
  // The new one.
  uint64_t revision = 0;
};

// A row of a roster.
struct RosterRow {
  // Its number in the caller's file, from 1; errors name it.
  uint64_t row = 0;
  // Cells that are not blank.
  std::vector<Field> fields = {};
};

// How to take a roster.
struct PushOptions {
  // Where it comes from, for the ledger: at most 64 bytes; "roster" when empty.
  std::string source = {};
  // Count and check, store nothing.
  bool dry_run = false;
  // Write only fields that the member has no value in.
  bool fill_blanks = false;
};

// Why a row was not stored.
struct RowError {
  // RosterRow::row.
  uint64_t row = 0;
  // The field at fault.
  std::string column = {};
  // What is wrong, in words; never repeats the value.
  std::string reason = {};
};

// Counts of rows: rows = added + changed + unchanged + suppressed +
// invalid_rows.
struct PushResult {
  // All that were sent.
  uint64_t rows = 0;
  // Members who are new.
  uint64_t added = 0;
  // Members written to.
  uint64_t changed = 0;
  // Members who had all of it.
  uint64_t unchanged = 0;
  // Erased members whom the roster still names; not stored.
  uint64_t suppressed = 0;
  // The first 1,000 errors.
  std::vector<RowError> invalid = {};
  // Rows with at least one error; not stored.
  uint64_t invalid_rows = 0;
};

// A field that members can have.
struct SchemaField {
  // As Field::name has it.
  std::string name = {};
  // basic, contact or sensitive.
  std::string field_class = {};
  // text, name, email, phone, date, boolean or tag.
  std::string type = {};
  // May have several values.
  bool is_list = false;
  // A Filter on it is quick.
  bool filterable = false;
  // A member may change it in their own record.
  bool self_edit = false;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_TYPES_H_
