// Every method's request, as each kind of caller, over a real connection to the
// real handlers behind the call gate.
//
// The input: a length and a method's name, a byte that picks the caller, then
// the message, or for a client's stream messages of a length each. Ids are
// random, so the input writes 26 times the same letter instead (kStandIns).
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_replace.h"
#include "server/rpc/method_policy.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/rpc/server_fixture.h"
#include "text/base32.h"

namespace sodality::rpc {
namespace {

using core::Role;
using fuzz::FuzzInput;
using fuzz::Require;
using grpc::StatusCode;
namespace pb = google::protobuf;

constexpr std::string_view kCanary = "Quillfeather";

struct Caller {
  Person person;
  bool reads = false;  // Holds a grant that shows the canary.
  std::shared_ptr<grpc::Channel> channel;
};

// A chapter with a member, whom a call may find, and people of every kind.
class World final {
 public:
  World() {
    core::GrantInput grant;
    grant.principal = "Cora Coordinator";
    grant.classes = {core::FieldClass::kBasic, core::FieldClass::kContact};
    Add(chapter_.admin(), true);
    Add(chapter_.Enrol(grant.principal, Role::kCoordinator), true);
    Add(chapter_.EnrolMember("Mo Member", other_), false);
    Add(chapter_.Enrol("Sol Source", Role::kSource), false);
    Add(chapter_.Enrol("Ann Auditor", Role::kAuditor), false);
    Add(chapter_.Invite("Ina Invited", Role::kCoordinator), false);
    const auto id = [](const auto& bytes) {
      return text::EncodeBase32(bytes.bytes);
    };
    const core::Caller& cora = callers_[1].person.caller;
    ids_ = {{std::string(26, 'm'), id(member_)},
            {std::string(26, 'g'), id(chapter_.Grant(grant))},
            {std::string(26, 'p'), id(cora.principal)},
            {std::string(26, 'd'), id(cora.device)}};
  }

  const Caller& caller(size_t index) const {
    return callers_[index % callers_.size()];
  }
  std::string WithIds(std::span<const uint8_t> bytes) const {
    return absl::StrReplaceAll(std::string(bytes.begin(), bytes.end()), ids_);
  }

 private:
  void Add(Person person, bool reads) {
    auto channel = server_.ChannelOf(person);
    callers_.push_back({std::move(person), reads, std::move(channel)});
  }

  TestChapter chapter_;
  TestServer server_{chapter_};
  const core::MemberId member_ =
      chapter_.AddMember({{"given_name", "Quentin"},
                          {"family_name", std::string(kCanary)},
                          {"email", "Quillfeather@example.org"}});
  const core::MemberId other_ = chapter_.AddMember({{"given_name", "Mo"}});
  std::vector<Caller> callers_;
  std::vector<std::pair<std::string, std::string>> ids_;
};

// Never destroyed: gRPC's threads outlive main's statics.
std::unique_ptr<World>& TheWorld() {
  static auto* const world = [] {
    PrepareTransport();
    return new std::unique_ptr<World>;
  }();
  if (*world == nullptr) *world = std::make_unique<World>();
  return *world;
}

// Health's Watch lasts until its caller goes; Check takes the same request. A
// rotation that was begun never ends here, and a watch of it as long. The store
// in memory has no files that a backup could hold.
const MethodPolicy* PickMethod(std::string_view name) {
  for (const MethodPolicy& policy : AllPolicies()) {
    if (policy.method.ends_with(name) && !name.empty()) {
      const bool skipped = policy.method == method::kHealthWatch ||
                           policy.method == method::kWatchRotation ||
                           policy.method == method::kCreateBackup;
      return skipped ? nullptr : &policy;
    }
  }
  return nullptr;
}

const pb::MethodDescriptor& DescriptorOf(const MethodPolicy& policy) {
  const std::string name =
      absl::StrReplaceAll(std::string(policy.method.substr(1)), {{"/", "."}});
  const auto* const found =
      pb::DescriptorPool::generated_pool()->FindMethodByName(name);
  Require(found != nullptr, "a method with a policy exists");
  return *found;
}

// What does not parse, gRPC itself refuses, as INTERNAL.
bool Parses(const pb::Descriptor& type, const std::string& bytes) {
  const std::unique_ptr<pb::Message> message(
      pb::MessageFactory::generated_factory()->GetPrototype(&type)->New());
  return message->ParseFromString(bytes);
}

bool IsDocumented(StatusCode code) {  // docs/errors.md, for a sound chapter.
  switch (code) {
    case StatusCode::OK:
    case StatusCode::INVALID_ARGUMENT:
    case StatusCode::UNAUTHENTICATED:
    case StatusCode::PERMISSION_DENIED:
    case StatusCode::NOT_FOUND:
    case StatusCode::ALREADY_EXISTS:
    case StatusCode::FAILED_PRECONDITION:
    case StatusCode::ABORTED:
    case StatusCode::RESOURCE_EXHAUSTED:
      return true;
    default:
      return false;
  }
}

bool Holds(std::string_view text) {
  return text.find(kCanary) != std::string_view::npos;
}

void Check(const Answer& answer, const pb::Descriptor& type, bool reads) {
  const grpc::Status& status = answer.status;
  Require(IsDocumented(status.error_code()), "a status has a documented code");
  Require(!Holds(status.error_message()) && !Holds(status.error_details()) &&
              !Holds(answer.metadata),
          "an error text holds no member data");
  const bool of_ours = type.file()->package() == "sodality.v1";
  Require(status.ok() || !of_ours || !ReasonOf(status).empty(),
          "a refusal of ours has a reason");
  for (const std::string& message : answer.messages) {
    Require(Parses(type, message), "an answer is of its type");
    Require(reads || !Holds(message), "who may not read is shown nobody");
  }
}

std::optional<std::vector<std::string>> Messages(
    FuzzInput& input, const pb::MethodDescriptor& method, const World& world) {
  std::vector<std::string> messages;
  do {
    const auto bytes = method.client_streaming() ? input.Sized() : input.Rest();
    messages.push_back(world.WithIds(bytes));
    if (!Parses(*method.input_type(), messages.back())) return std::nullopt;
  } while (method.client_streaming() && !input.empty());
  return messages;
}

// A new chapter takes 0.2 seconds, so only after what would change the answers
// to most of the inputs behind it: the member, a person or the invite is gone.
bool TakesAway(std::string_view method) {
  for (const std::string_view verb :
       {"Delete", "Revoke", "Suspend", "Redeem"}) {
    if (method.starts_with(verb)) return true;
  }
  return false;
}

void Call(FuzzInput& input) {
  const MethodPolicy* const policy = PickMethod(crypto::AsText(input.Sized()));
  if (policy == nullptr) return;
  auto& world = TheWorld();
  const Caller& caller = world->caller(input.Byte());
  const auto& method = DescriptorOf(*policy);
  const auto messages = Messages(input, method, *world);
  if (!messages) return;
  const Answer answer = CallWith(caller.channel, policy->method, *messages);
  Check(answer, *method.output_type(), caller.reads);
  if (answer.status.ok() && TakesAway(method.name())) world.reset();
}

}  // namespace
}  // namespace sodality::rpc

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sodality::fuzz::FuzzInput input(data, size);
  sodality::rpc::Call(input);
  return 0;
}
