// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/lab.h"

#include <algorithm>

namespace scenario {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kGiB = 1024 * kMiB;

constexpr std::string_view kConfiguration =
    "# The laboratory's configuration: PostgreSQL's defaults but for what is set here.\n"
    "listen_addresses = '*'\n"
    "port = 5432\n"
    "max_connections = 200\n"
    "unix_socket_directories = '/var/run/postgresql'\n"
    "shared_buffers = 4GB\n"
    "dynamic_shared_memory_type = posix\n"
    "max_wal_size = 4GB\n"
    "min_wal_size = 80MB\n"
    "log_line_prefix = '%m [%p] '\n"
    "log_timezone = 'Etc/UTC'\n"
    "datestyle = 'iso, mdy'\n"
    "timezone = 'Etc/UTC'\n"
    "lc_messages = 'C.UTF-8'\n"
    "lc_monetary = 'C.UTF-8'\n"
    "lc_numeric = 'C.UTF-8'\n"
    "lc_time = 'C.UTF-8'\n"
    "default_text_search_config = 'pg_catalog.english'\n";
// Debian's layout only: initdb puts all files into the data directory and makes no such folder.
constexpr std::string_view kDebianFiles =
    "data_directory = '/var/lib/postgresql/15/main'\n"
    "hba_file = '/etc/postgresql/15/main/pg_hba.conf'\n"
    "ident_file = '/etc/postgresql/15/main/pg_ident.conf'\n"
    "external_pid_file = '/var/run/postgresql/15-main.pid'\n"
    "include_dir = 'conf.d'\n";

// MODEL: a shop's reading and ordering, and the reports of its evenings, on the reference database.
sim::QueryClass query(std::string name, std::string statement, double share, double cpuMs,
                      double pages) {
  sim::QueryClass one;
  one.name = std::move(name);
  one.statement = std::move(statement);
  one.share = share;
  one.cpuMs = cpuMs;
  one.pages = pages;
  return one;
}

std::vector<sim::QueryClass> shopQueries() {
  sim::QueryClass page =
      query("product page", "SELECT * FROM products WHERE product_id = $1", 0.7, 3, 100);
  sim::QueryClass listing =
      query("category listing",
            "SELECT product_id, name, price FROM products WHERE category_id = $1 ORDER BY "
            "popularity DESC LIMIT 48",
            0.2, 6, 250);
  listing.sortNodes = 0.4;
  listing.nodeBytes = 6.0 * kMiB;
  sim::QueryClass basket =
      query("basket", "UPDATE baskets SET items = $2, changed_at = now() WHERE basket_id = $1", 0.1,
            6, 150);
  basket.pagesDirtied = 6;
  basket.walBytes = 12'288;
  return {page, listing, basket};
}

std::vector<sim::QueryClass> reportQueries() {
  sim::QueryClass report =
      query("sales report",
            "SELECT category_id, date_trunc('day', placed_at), sum(price * quantity) FROM "
            "order_lines JOIN orders USING (order_id) GROUP BY 1, 2 ORDER BY 3 DESC",
            1, 400, 60'000);
  report.sortNodes = 3;
  report.nodeBytes = 96.0 * kMiB;
  return {report};
}

void setLoad(sim::WorldSpec& spec, const std::string& load) {
  spec.workload.noise = load == "none" ? 0 : 0.02;
  spec.workload.classes = load == "report" ? reportQueries() : shopQueries();
  const double users = load == "none" ? 0 : load == "shop" ? 3000 : 20;
  spec.workload.users = {{{}, users}};
  spec.website.hostsMinimum = load == "none" ? 0 : 1;
  spec.website.hostsMaximum = load == "none" ? 0 : 4;
  spec.website.timeoutSeconds = load == "report" ? 600 : 10;
}

}  // namespace

std::vector<std::string> labLoads() {
  return {"none", "shop", "report"};
}

base::Result<sim::WorldSpec> labSpec(const LabOptions& options,
                                     std::shared_ptr<const sim::SettingCatalogue> catalogue) {
  const auto loads = labLoads();
  if (std::find(loads.begin(), loads.end(), options.load) == loads.end()) {
    return base::Error{"load", "", "found \"" + options.load + "\", expected none, shop or report"};
  }
  if (options.ramBytes < kGiB || options.ramBytes > 64 * 1024 * kGiB) {
    return base::Error{"ram", "", "expected 1GB to 64TB"};
  }
  if (options.cores < 1 || options.cores > 1024) {
    return base::Error{"cpus", "", "expected 1 to 1024"};
  }
  sim::WorldSpec spec;
  spec.timing.startUnixMs = options.startUnixMs;
  spec.timing.endsAt = base::minutes(7 * 24 * 60);
  spec.host.name = "lab1";
  spec.host.ramBytes = options.ramBytes;
  spec.host.swapBytes = options.swapBytes;
  spec.host.cores = options.cores;
  spec.host.kernelBytes = std::min<std::int64_t>(options.ramBytes / 40, 3 * kGiB / 2);
  spec.host.fileWorkingSetBytes = std::min<std::int64_t>(options.ramBytes / 20, 3 * kGiB);
  spec.host.otherCores = options.otherCores;
  spec.host.diskFlushMs = options.diskFlushMs;
  spec.host.diskBytes = 1000 * kGiB;
  spec.host.diskUsedBytes = 420 * kGiB;
  sim::DatabaseSpec& database = spec.database;
  database.catalogue = std::move(catalogue);
  database.databaseBytes = 400 * kGiB;
  // Recorded redo: 0.46 to 3.79 s for 168 to 681 MB of WAL, with 16 MB and 1 GB of shared_buffers
  // (tests/fidelity, g_crash_recovery).
  database.walReplayMBs = 345;
  database.replayTouchSeconds = 2.7e-9;
  database.laboratory = true;
  if (options.plainLayout) database.configFile = database.dataDirectory + "/postgresql.conf";
  database.files = {
      {database.configFile,
       options.configuration.empty()
           ? std::string(kConfiguration) + std::string(options.plainLayout ? "" : kDebianFiles)
           : options.configuration},
      {database.dataDirectory + "/postgresql.auto.conf",
       "# Do not edit this file manually!\n"
       "# It will be overwritten by the ALTER SYSTEM command.\n"}};
  if (!options.plainLayout) {
    database.files.push_back(
        {"/etc/postgresql/15/main/conf.d/README.conf",
         "# Files in this directory that end in .conf are read in the order of "
         "their names.\n"});
  }
  setLoad(spec, options.load);
  return spec;
}

base::Result<std::shared_ptr<const Scenario>> labScenario(
    const LabOptions& options, std::shared_ptr<const sim::SettingCatalogue> catalogue) {
  auto spec = labSpec(options, std::move(catalogue));
  if (!spec.ok()) return spec.error();
  auto sandbox = std::make_shared<Scenario>();
  sandbox->id = "sandbox";
  sandbox->title = "Sandbox";
  sandbox->sandbox = true;
  sandbox->world = std::move(spec.value());
  sandbox->world.timing.opensAt = base::minutes(5);
  return std::shared_ptr<const Scenario>(std::move(sandbox));
}

}  // namespace scenario
