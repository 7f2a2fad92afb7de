// What a caller sends comes back in no error and is in no log: every method,
// every text of its request a canary, by everybody. A new method or field is
// in this test by itself, through the descriptors.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "tests/rpc/api_files.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {
namespace {

using core::Role;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// How a text of a request looks. A name is one that a field could have.
enum class Shape { kValue, kName, kId, kLong, kNotUtf8 };
constexpr Shape kShapes[] = {Shape::kValue, Shape::kName, Shape::kId,
                             Shape::kLong, Shape::kNotUtf8};

constexpr std::string_view kCanary = "qzkanarie";

std::string TextOf(Shape shape, const std::string& id) {
  const std::string canary(kCanary);
  switch (shape) {
    case Shape::kValue:
      return "Mia +1 " + canary + "@example.org";
    case Shape::kName:
      return canary + "_name";
    case Shape::kId:
      return id;
    case Shape::kLong:
      return std::string(20'000, ' ') + canary;
    case Shape::kNotUtf8:
      return canary + "\xff\xfe";
  }
  return canary;
}

// Fills everything; of a oneof the part that is `part` modulo their number, and
// a grant's id for even ones: else the only grant in force is looked through.
// An act's own id is good, so that what comes after it is reached, but in the
// last part.
constexpr int kParts = 3;

class Filler final {
 public:
  Filler(Shape shape, int part, std::string id)
      : part_(part),
        id_(std::move(id)),
        // Proto3 takes no other text than UTF-8, but in fields of bytes.
        text_(TextOf(shape, id_)),
        utf8_(shape == Shape::kNotUtf8 ? TextOf(Shape::kValue, id_) : text_) {}

  void Fill(Message& message) const {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const auto* oneof = field.containing_oneof();
      if (oneof != nullptr &&
          oneof->field(part_ % oneof->field_count()) != &field) {
        continue;
      }
      if (field.name() == "grant_id" && part_ % 2 == 1) continue;
      FillField(message, field);
    }
  }

 private:
  const std::string& For(const FieldDescriptor& field) const {
    if (field.name() == "request_id" && part_ + 1 < kParts) return id_;
    return field.type() == FieldDescriptor::TYPE_BYTES ? text_ : utf8_;
  }

  void FillField(Message& message, const FieldDescriptor& field) const {
    const auto& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return field.is_repeated()
                   ? reflection.AddString(&message, &field, For(field))
                   : reflection.SetString(&message, &field, For(field));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(field.is_repeated()
                        ? *reflection.AddMessage(&message, &field)
                        : *reflection.MutableMessage(&message, &field));
      default:
        return;  // Numbers and switches.
    }
  }

  const int part_;
  const std::string id_;
  const std::string text_;
  const std::string utf8_;
};

// Every method that a device or an invite may call, with its request.
std::map<std::string, const Descriptor*> Methods() {
  std::map<std::string, const Descriptor*> methods;
  for (const auto* file : ApiFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto& method = *file->service(s)->method(m);
        methods["/" + file->service(s)->full_name() + "/" + method.name()] =
            method.input_type();
      }
    }
  }
  return methods;
}

bool HoldsCanary(const std::string& text) {
  return text.find(kCanary) != std::string::npos;
}

class CanaryMatrixTest : public testing::Test {
 protected:
  struct Somebody {
    std::string who;
    std::shared_ptr<grpc::Channel> channel;
  };

  Somebody Connect(const std::string& who, const Person& person) {
    Somebody somebody{who, server_.ChannelOf(person)};
    // The connection stands before anything is taken from its owner.
    (void)CallEmpty(somebody.channel, method::kHealthCheck);
    return somebody;
  }

  Person Enrol(const std::string& name, Role role) {
    Person person = role == Role::kMember
                        ? chapter_.EnrolMember(
                              name, chapter_.AddMember({{"given_name", "Mia"}}))
                        : chapter_.Enrol(name, role);
    if (role == Role::kAdmin || role == Role::kCoordinator) {
      chapter_.Grant({.principal = name,
                      .role = role,
                      .classes = {core::FieldClass::kBasic}});
    }
    return person;
  }

  // Each role live, and one of each way in which an access is none.
  std::vector<Somebody> Everybody() {
    std::vector<Somebody> people;
    int number = 0;
    for (const Role role : {Role::kAdmin, Role::kCoordinator, Role::kMember,
                            Role::kSource, Role::kAuditor}) {
      const std::string name = "Person " + std::to_string(++number);
      people.push_back(
          Connect(std::string(core::RoleName(role)), Enrol(name, role)));
    }
    const core::Caller& admin = chapter_.admin().caller;
    auto& control = chapter_.chapter().access_control();
    const Person revoked = Enrol("Revoked", Role::kAdmin);
    people.push_back(Connect("revoked", revoked));
    EXPECT_TRUE(
        control
            .RevokeDevice(admin, revoked.caller.device, chapter_.NewRequest())
            .ok());
    const Person ended = chapter_.Enrol("Ended", Role::kCoordinator);
    const core::GrantId grant = chapter_.Grant(
        {.principal = "Ended", .classes = {core::FieldClass::kBasic}});
    people.push_back(Connect("ended", ended));
    EXPECT_TRUE(control.RevokeGrant(admin, grant, chapter_.NewRequest()).ok());
    people.push_back(Connect("invite", chapter_.Invite("Ivy", Role::kSource)));
    people.push_back(Connect("stranger", chapter_.Stranger()));
    return people;
  }

  // Request by request; several messages where the method is a stream of them.
  std::vector<std::string> Request(const Descriptor* type, Shape shape,
                                   int part) {
    std::vector<std::string> messages;
    auto* factory = google::protobuf::MessageFactory::generated_factory();
    for (const int p : {part, part + 1}) {
      const std::unique_ptr<Message> message(
          factory->GetPrototype(type)->New());
      Filler(shape, p, FormatId(chapter_.NewRequest().bytes)).Fill(*message);
      messages.push_back(message->SerializeAsString());
      if (type != v1::PushRosterRequest::descriptor()) break;
    }
    return messages;
  }

  void CheckAnswer(const Somebody& caller, const std::string& method,
                   Shape shape, const Answer& answer) {
    const grpc::Status& status = answer.status;
    if (status.ok()) answered_.insert(method);
    const std::string where = caller.who + " " + method + " " +
                              std::to_string(static_cast<int>(shape));
    EXPECT_FALSE(HoldsCanary(status.error_message())) << where;
    EXPECT_FALSE(HoldsCanary(answer.metadata) && shape != Shape::kName)
        << where;
    v1::ErrorDetail detail;
    EXPECT_TRUE(detail.ParseFromString(status.error_details())) << where;
    CheckDetail(detail, shape, where);
    if (method != method::kLookup) return;
    for (const std::string& message : answer.messages) {
      v1::LookupResponse response;
      EXPECT_TRUE(response.ParseFromString(message));
      for (const v1::LookupAnswer& one : response.answers()) {
        EXPECT_FALSE(HoldsCanary(one.error().message())) << where;
        CheckDetail(one.error().detail(), shape, where);
      }
    }
  }

  // The caller's own word comes back where a field's name stands, if it is a
  // word such as fields have.
  void CheckDetail(const v1::ErrorDetail& detail, Shape shape,
                   const std::string& where) {
    reasons_.insert(detail.reason());
    EXPECT_FALSE(
        HoldsCanary(detail.reason() + detail.hint() + detail.retry_at()))
        << where;
    if (shape == Shape::kName && HoldsCanary(detail.field())) {
      ++echoed_names_;
      return;
    }
    EXPECT_FALSE(HoldsCanary(detail.field())) << where;
  }

  void Ask(const Somebody& somebody, const std::string& method,
           const Descriptor* type) {
    // The last part first: with a good id a member may end themselves.
    for (int part = kParts - 1; part >= 0; --part) {
      for (const Shape shape : kShapes) {
        CheckAnswer(
            somebody, method, shape,
            CallWith(somebody.channel, method, Request(type, shape, part)));
      }
    }
  }

  void AskAll(const std::vector<Somebody>& people) {
    for (const Somebody& somebody : people) {
      auto methods = Methods();
      const auto last = methods.extract(std::string(method::kDeleteSelf));
      for (const auto& [method, type] : methods) Ask(somebody, method, type);
      // Ends the member, and whatever they ask from then on.
      Ask(somebody, last.key(), last.mapped());
    }
  }

  TestChapter chapter_;
  TestServer server_{chapter_, {.at_once = 100, .per_second = 100'000}};
  std::set<std::string> answered_;  // Methods.
  std::set<std::string> reasons_;
  int echoed_names_ = 0;
};

TEST_F(CanaryMatrixTest, NoErrorAndNoLogRepeatsWhatWasSent) {
  const std::vector<Somebody> people = Everybody();
  testing::internal::CaptureStderr();
  AskAll(people);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(HoldsCanary(log)) << log;
  // The controls: the requests got as far as these, and a name came back.
  for (const char* reason :
       {"INVALID_VALUE", "UNKNOWN_FIELD", "NO_GRANT", "GRANT_ENDED",
        "ROLE_NOT_ALLOWED", "DEVICE_REVOKED", "NOT_FOUND", "MEMBER_NOT_FOUND",
        "BAD_REQUEST_CERTIFICATE", "NO_HEADER"}) {
    EXPECT_TRUE(reasons_.contains(reason)) << reason;
  }
  EXPECT_GT(echoed_names_, 0);
  EXPECT_TRUE(answered_.contains(std::string(method::kDeleteSelf)));
}

TEST_F(CanaryMatrixTest, NorWhenSealed) {
  const std::vector<Somebody> people = Everybody();
  chapter_.Seal();
  testing::internal::CaptureStderr();
  AskAll(people);
  EXPECT_FALSE(HoldsCanary(testing::internal::GetCapturedStderr()));
  EXPECT_TRUE(reasons_.contains("SEALED"));
}

}  // namespace
}  // namespace sodality::rpc
