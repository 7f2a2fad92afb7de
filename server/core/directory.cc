#include "server/core/directory.h"

#include <utility>

#include "server/core/directory_reader.h"
#include "server/core/directory_tools.h"
#include "server/core/directory_writer.h"

namespace sodality::core {

class Directory::Impl final {
 public:
  // FAILED_PRECONDITION or INVALID_ARGUMENT, see DirectoryTools.
  static absl::StatusOr<std::unique_ptr<Impl>> Create(
      const DirectoryParts& parts) {
    auto tools = DirectoryTools::Create(parts);
    if (!tools.ok()) return tools.status();
    auto kept = std::make_unique<const DirectoryTools>(*std::move(tools));
    auto writer = DirectoryWriter::Create(parts, *kept);
    if (!writer.ok()) return writer.status();
    return std::unique_ptr<Impl>(
        new Impl(parts, std::move(kept), *std::move(writer)));
  }

  const DirectoryReader& reader() const { return reader_; }
  const DirectoryWriter& writer() const { return writer_; }

 private:
  Impl(const DirectoryParts& parts, std::unique_ptr<const DirectoryTools> tools,
       DirectoryWriter writer)
      : tools_(std::move(tools)),
        reader_(parts, *tools_),
        writer_(std::move(writer)) {}

  const std::unique_ptr<const DirectoryTools> tools_;
  const DirectoryReader reader_;
  const DirectoryWriter writer_;
};

Directory::Directory(const DirectoryParts& parts)
    : impl_(Impl::Create(parts)) {}
Directory::~Directory() = default;

absl::Status Directory::status() const { return impl_.status(); }

void Directory::Get(const Caller& caller, const GetQuery& query,
                    Done<ProjectedMember> done) const {
  if (!impl_.ok()) return done(impl_.status());
  (*impl_)->reader().Get(caller, query, std::move(done));
}

void Directory::Search(const Caller& caller, const SearchQuery& query,
                       Done<SearchResult> done) const {
  if (!impl_.ok()) return done(impl_.status());
  (*impl_)->reader().Search(caller, query, std::move(done));
}

void Directory::GetSelf(const Caller& caller,
                        Done<ProjectedMember> done) const {
  if (!impl_.ok()) return done(impl_.status());
  (*impl_)->reader().GetSelf(caller, std::move(done));
}

absl::StatusOr<MemberVersion> Directory::Create(
    const Caller& caller, const CreateInput& input) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->writer().Add(caller, input);
}

absl::StatusOr<MemberVersion> Directory::Update(
    const Caller& caller, const MemberId& member,
    const std::optional<GrantId>& grant, const UpdateInput& input) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->writer().Update(caller, member, grant, input);
}

absl::Status Directory::Erase(const Caller& caller, const MemberId& member,
                              const std::optional<GrantId>& grant,
                              const RequestId& request) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->writer().Erase(caller, member, grant, request);
}

absl::StatusOr<MemberVersion> Directory::UpdateSelf(
    const Caller& caller, const UpdateInput& input) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->writer().UpdateSelf(caller, input);
}

absl::Status Directory::EraseSelf(const Caller& caller,
                                  const RequestId& request) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->writer().EraseSelf(caller, request);
}

absl::Status Directory::EraseAgain(const MemberId& member,
                                   const store::IdBytes& backup) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->writer().EraseAgain(member, backup);
}

absl::StatusOr<crypto::MemberLedgerKey> Directory::LedgerKeyOf(
    const Caller& caller, const MemberId& member,
    const std::optional<GrantId>& grant) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->reader().LedgerKeyOf(caller, member, grant);
}

absl::StatusOr<crypto::MemberLedgerKey> Directory::OwnLedgerKey(
    const Caller& caller) const {
  if (!impl_.ok()) return impl_.status();
  return (*impl_)->reader().OwnLedgerKey(caller);
}

}  // namespace sodality::core
