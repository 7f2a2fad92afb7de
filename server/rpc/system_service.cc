#include <algorithm>
#include <utility>

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/core/error.h"
#include "server/rpc/call_gate.h"
#include "server/rpc/checked_stream.h"
#include "server/rpc/convert.h"
#include "server/rpc/convert_acts.h"
#include "server/rpc/services.h"
#include "sodality/v1/system.grpc.pb.h"

namespace sodality::rpc {
namespace {

using core::Role;

bool InForce(const core::Grant& grant, const Call& call,
             platform::Timestamp now) {
  return grant.principal == call.caller().principal && !grant.revoked &&
         now < grant.not_after;
}

// Admins, sources and members deal in every field there is; others in what
// their grants show.
bool SeesField(const core::FieldSpec& spec, const Call& call,
               platform::Timestamp now) {
  const Role role = call.caller().role;
  if (role == Role::kAdmin || role == Role::kSource || role == Role::kMember) {
    return true;
  }
  const auto grants = call.chapter().access().grants();
  return std::any_of(grants.begin(), grants.end(), [&](const auto& grant) {
    return InForce(*grant, call, now) &&
           std::find(grant->classes.begin(), grant->classes.end(),
                     spec.field_class) != grant->classes.end();
  });
}

absl::Status FillAdminStatus(const Call& call,
                             v1::GetStatusResponse& response) {
  const auto counts = call.chapter().store().Counts();
  if (!counts.ok()) return counts.status();
  response.set_members(counts->members);
  response.set_refused_invites(call.chapter().enrollment().refused());
  FillPending(call.chapter().approvals(), response);
  return absl::OkStatus();
}

void FillOwnGrants(const Call& call, platform::Timestamp now,
                   v1::GetStatusResponse& response) {
  core::Chapter& chapter = call.chapter();
  for (const auto& grant : chapter.access().grants()) {
    if (!InForce(*grant, call, now)) continue;
    FillGrant({*grant, chapter.ledger().Left(grant->id, grant->budget), now},
              chapter, *response.add_grants());
  }
}

class SystemService final : public v1::SystemService::Service {
 public:
  SystemService(const CallGate& gate, const platform::Clock& clock,
                std::string version)
      : gate_(gate), clock_(clock), version_(std::move(version)) {}

  grpc::Status GetStatus(grpc::ServerContext* context,
                         const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override {
    return gate_.Run(
        *context, method::kGetStatus, [&](const Call& call) -> absl::Status {
          core::Chapter& chapter = call.chapter();
          const core::Caller& caller = call.caller();
          response->set_version(version_);
          response->set_chapter_name(chapter.info().name);
          response->set_chapter_id(FormatId(chapter.info().id.bytes));
          const auto self = chapter.access().FindPrincipal(caller.principal);
          if (self != nullptr) FillPrincipal(*self, *response->mutable_self());
          response->set_device_id(FormatId(caller.device.bytes));
          response->set_certificate_expires(
              platform::FormatTimestamp(caller.certificate_expires));
          FillOwnGrants(call, clock_.Now(), *response);
          const auto revision = chapter.store().LastRevision();
          if (!revision.ok()) return revision.status();
          response->set_revision(*revision);
          if (caller.role != Role::kAdmin) return absl::OkStatus();
          return FillAdminStatus(call, *response);
        });
  }

  grpc::Status GetSchema(grpc::ServerContext* context,
                         const v1::GetSchemaRequest*,
                         v1::GetSchemaResponse* response) override {
    return gate_.Run(*context, method::kGetSchema, [&](const Call& call) {
      const auto now = clock_.Now();
      for (const core::FieldSpec& spec : call.chapter().schema().fields()) {
        if (SeesField(spec, call, now)) {
          FillSchemaField(spec, *response->add_fields());
        }
      }
      return absl::OkStatus();
    });
  }

 private:
  const CallGate& gate_;
  const platform::Clock& clock_;
  const std::string version_;
};

// ---- grpc.health.v1

namespace health = grpc::health::v1;
using health::HealthCheckResponse;

// How soon a watcher's thread sees that its caller has gone.
constexpr std::chrono::milliseconds kWatchPause(500);

HealthCheckResponse HealthOf(bool unsealed) {
  HealthCheckResponse response;
  response.set_status(unsealed ? HealthCheckResponse::SERVING
                               : HealthCheckResponse::NOT_SERVING);
  return response;
}

// The server as a whole, or one of its services: they share one state.
bool IsKnownService(std::string_view name) {
  if (name.empty()) return true;
  const std::string prefix = "/" + std::string(name) + "/";
  const auto policies = AllPolicies();
  return std::any_of(policies.begin(), policies.end(), [&](const auto& row) {
    return row.method.substr(0, prefix.size()) == prefix;
  });
}

class HealthService final : public health::Health::Service {
 public:
  HealthService(const CallGate& gate, const ChapterHolder& chapter)
      : gate_(gate), chapter_(chapter) {}

  grpc::Status Check(grpc::ServerContext* context,
                     const health::HealthCheckRequest* request,
                     HealthCheckResponse* response) override {
    return gate_.Run(*context, method::kHealthCheck, [&](const Call&) {
      if (!IsKnownService(request->service())) {
        return absl::NotFoundError("no such service");
      }
      *response = HealthOf(chapter_.Get() != nullptr);
      return absl::OkStatus();
    });
  }

  grpc::Status Watch(grpc::ServerContext* context,
                     const health::HealthCheckRequest* request,
                     grpc::ServerWriter<HealthCheckResponse>* stream) override {
    return gate_.Run(*context, method::kHealthWatch, [&](const Call& call) {
      const bool known = IsKnownService(request->service());
      CheckedWriter<HealthCheckResponse> writer(call, *stream);
      std::optional<bool> told;
      while (!context->IsCancelled()) {
        const bool unsealed = chapter_.Get() != nullptr;
        HealthCheckResponse response = HealthOf(unsealed);
        if (!known) response.set_status(HealthCheckResponse::SERVICE_UNKNOWN);
        if (told != unsealed && (known || !told)) {
          const absl::Status written = writer.Write(response);
          if (!written.ok()) return written;
        }
        told = unsealed;
        chapter_.AwaitChange(unsealed, kWatchPause);
      }
      return absl::CancelledError("the caller is gone");
    });
  }

 private:
  const CallGate& gate_;
  const ChapterHolder& chapter_;
};

}  // namespace

ServicePtr MakeSystemService(const CallGate& gate, const platform::Clock& clock,
                             std::string version) {
  return std::make_unique<SystemService>(gate, clock, std::move(version));
}

ServicePtr MakeHealthService(const CallGate& gate,
                             const ChapterHolder& chapter) {
  return std::make_unique<HealthService>(gate, chapter);
}

}  // namespace sodality::rpc
