#include "server/rpc/convert.h"

#include "crypto/secret.h"
#include "text/base32.h"

namespace sodality::rpc {
namespace {

constexpr int kMaxWords = 8;
constexpr size_t kMaxWordBytes = 256;
constexpr int kMaxFilters = 8;
constexpr int kMaxViewFields = 64;
constexpr int kMaxFieldsSent = 64;
constexpr size_t kMaxNameBytes = 64;
constexpr size_t kMaxPageTokenBytes = 1024;
constexpr size_t kMaxCountryBytes = 2;

crypto::SecretBytes ToSecret(std::string_view text) {
  return crypto::SecretBytes::CopyOf(crypto::AsBytes(text));
}

absl::StatusOr<core::View> ParseView(const v1::View& view) {
  if (view.fields_size() > kMaxViewFields) {
    return InvalidValue("view.fields", "too many");
  }
  return core::View{.reveal = view.reveal(),
                    .fields = {view.fields().begin(), view.fields().end()}};
}

using Fields = google::protobuf::RepeatedPtrField<v1::Field>;
using Names = google::protobuf::RepeatedPtrField<std::string>;

absl::StatusOr<core::FieldInput> ParseField(const v1::Field& field) {
  if (field.name().size() > kMaxNameBytes) {
    return InvalidValue("fields.name", "too long");
  }
  if (field.values_size() > static_cast<int>(core::kMaxValues)) {
    return InvalidValue(field.name(), "too many values");
  }
  core::FieldInput input{.name = field.name(), .values = {}};
  for (const std::string& value : field.values()) {
    input.values.push_back(ToSecret(value));
  }
  return input;
}

absl::StatusOr<std::vector<core::FieldInput>> ParseFields(
    const Fields& fields) {
  if (fields.size() > kMaxFieldsSent) return InvalidValue("fields", "too many");
  std::vector<core::FieldInput> inputs;
  for (const v1::Field& field : fields) {
    auto input = ParseField(field);
    if (!input.ok()) return input.status();
    inputs.push_back(*std::move(input));
  }
  return inputs;
}

absl::StatusOr<core::UpdateInput> ParseUpdateInput(const Fields& fields,
                                                   const Names& mask,
                                                   std::string_view request) {
  if (mask.empty()) return InvalidValue("update_mask", "names no field");
  if (mask.size() > kMaxFieldsSent) {
    return InvalidValue("update_mask", "too many");
  }
  auto inputs = ParseFields(fields);
  if (!inputs.ok()) return inputs.status();
  const auto id = ParseRequestId(request);
  if (!id.ok()) return id.status();
  return core::UpdateInput{.revision = 0,
                           .fields = *std::move(inputs),
                           .mask = {mask.begin(), mask.end()},
                           .request = *id};
}

absl::Status CheckSearchLimits(const v1::SearchMembersRequest& request) {
  if (request.words_size() > kMaxWords)
    return InvalidValue("words", "too many");
  for (const std::string& word : request.words()) {
    if (word.size() > kMaxWordBytes) return InvalidValue("words", "too long");
  }
  if (request.filters_size() > kMaxFilters) {
    return InvalidValue("filters", "too many");
  }
  for (const v1::Filter& filter : request.filters()) {
    if (filter.field().size() > kMaxNameBytes ||
        filter.value().size() > core::kMaxValueBytes) {
      return InvalidValue("filters", "too long");
    }
  }
  if (request.page_size() < 0) return InvalidValue("page_size", "negative");
  if (request.page_token().size() > kMaxPageTokenBytes) {
    return InvalidValue("page_token", "too long");
  }
  if (request.country().size() > kMaxCountryBytes) {
    return InvalidValue("country", "not two letters");
  }
  return absl::OkStatus();
}

}  // namespace

std::string FormatId(const store::IdBytes& id) {
  return text::EncodeBase32(id);
}

absl::StatusOr<store::IdBytes> ParseIdBytes(std::string_view text,
                                            std::string_view field) {
  auto bytes = text::DecodeBase32(text);
  if (!bytes.ok()) return InvalidValue(field, "not an id");
  return *bytes;
}

absl::StatusOr<std::optional<core::GrantId>> ParseGrant(std::string_view text) {
  if (text.empty()) return std::optional<core::GrantId>();
  const auto id = ParseId<core::GrantId>(text, "grant_id");
  if (!id.ok()) return id.status();
  return std::optional<core::GrantId>(*id);
}

absl::StatusOr<core::RequestId> ParseRequestId(std::string_view text) {
  const auto bytes = ParseIdBytes(text, "request_id");
  if (!bytes.ok()) return bytes.status();
  return core::RequestId{*bytes};
}

absl::StatusOr<core::GetQuery> ParseGet(const v1::GetMemberRequest& request) {
  const auto member = ParseId<core::MemberId>(request.member_id(), "member_id");
  if (!member.ok()) return member.status();
  const auto grant = ParseGrant(request.grant_id());
  if (!grant.ok()) return grant.status();
  auto view = ParseView(request.view());
  if (!view.ok()) return view.status();
  return core::GetQuery{
      .member = *member, .grant = *grant, .view = *std::move(view)};
}

absl::StatusOr<core::SearchQuery> ParseSearch(
    const v1::SearchMembersRequest& request) {
  const absl::Status limits = CheckSearchLimits(request);
  if (!limits.ok()) return limits;
  const auto grant = ParseGrant(request.grant_id());
  if (!grant.ok()) return grant.status();
  auto view = ParseView(request.view());
  if (!view.ok()) return view.status();
  core::SearchQuery query;
  for (const std::string& word : request.words()) {
    query.words.push_back(ToSecret(word));
  }
  for (const v1::Filter& filter : request.filters()) {
    query.filters.push_back({filter.field(), ToSecret(filter.value())});
  }
  query.grant = *grant;
  query.view = *std::move(view);
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  query.country = request.country();
  return query;
}

absl::StatusOr<core::CreateInput> ParseCreate(
    const v1::CreateMemberRequest& request) {
  auto fields = ParseFields(request.fields());
  if (!fields.ok()) return fields.status();
  const auto grant = ParseGrant(request.grant_id());
  if (!grant.ok()) return grant.status();
  const auto id = ParseRequestId(request.request_id());
  if (!id.ok()) return id.status();
  return core::CreateInput{
      .fields = *std::move(fields), .grant = *grant, .request = *id};
}

absl::StatusOr<UpdateRequest> ParseUpdate(
    const v1::UpdateMemberRequest& request) {
  const auto member = ParseId<core::MemberId>(request.member_id(), "member_id");
  if (!member.ok()) return member.status();
  const auto grant = ParseGrant(request.grant_id());
  if (!grant.ok()) return grant.status();
  auto input = ParseUpdateInput(request.fields(), request.update_mask(),
                                request.request_id());
  if (!input.ok()) return input.status();
  input->revision = request.revision();
  return UpdateRequest{*member, *grant, *std::move(input)};
}

absl::StatusOr<core::UpdateInput> ParseUpdateSelf(
    const v1::UpdateSelfRequest& request) {
  auto input = ParseUpdateInput(request.fields(), request.update_mask(),
                                request.request_id());
  if (input.ok()) input->revision = request.revision();
  return input;
}

void FillMember(const core::ProjectedMember& member, v1::Member& out) {
  out.set_id(FormatId(member.id.bytes));
  out.set_revision(member.revision);
  for (const core::ProjectedField& field : member.fields) {
    v1::Field& added = *out.add_fields();
    added.set_name(field.spec->name);
    for (const std::string_view value : field.values.views()) {
      added.add_values(value.data(), value.size());
    }
  }
  for (const core::FieldSpec* spec : member.hidden) out.add_hidden(spec->name);
}

void FillSearch(const core::SearchResult& result,
                v1::SearchMembersResponse& out) {
  for (const core::ProjectedMember& member : result.members) {
    FillMember(member, *out.add_members());
  }
  out.set_next_page_token(result.next_page_token);
}

core::RosterOptions ParseHeader(const v1::PushHeader& header) {
  return {.source = header.source(),
          .dry_run = header.dry_run(),
          .fill_blanks = header.fill_blanks()};
}

absl::StatusOr<std::vector<core::RosterRow>> ParseBatch(
    const v1::RosterBatch& batch) {
  std::vector<core::RosterRow> rows;
  for (const v1::RosterRow& row : batch.rows()) {
    auto fields = ParseFields(row.fields());
    if (!fields.ok()) return fields.status();
    rows.push_back({.row = row.row(), .fields = *std::move(fields)});
  }
  return rows;
}

void FillCounts(const core::RosterCounts& counts, v1::PushRosterResponse& out) {
  out.set_rows(counts.rows);
  out.set_added(counts.added);
  out.set_changed(counts.changed);
  out.set_unchanged(counts.unchanged);
  out.set_suppressed(counts.suppressed);
  out.set_invalid_rows(counts.invalid_rows);
  for (const core::RosterRowError& error : counts.invalid) {
    v1::RowError& added = *out.add_invalid();
    added.set_row(error.row);
    added.set_column(error.column);
    added.set_reason(error.reason);
  }
}

}  // namespace sodality::rpc
