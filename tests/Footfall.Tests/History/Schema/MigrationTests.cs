using Footfall.Common;
using Footfall.History;
using Footfall.History.Rollups;
using Footfall.History.Schema;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.History.Schema;

public sealed class MigrationTests
{
    [Fact]
    public void Hashes_of_transactions_that_had_no_secret_are_hashed_again()
    {
        using var directory = new TemporaryDirectory();
        var options = Options.Create(new FootfallOptions { DataDirectory = directory });
        using (var database = new HistoryDatabase(options))
        {
            database.Open();
            using var connection = database.Connect();
            // As version 4 left it.
            connection.Execute("ALTER TABLE progress DROP COLUMN converted_orders");
            connection.Execute("UPDATE version SET version = 4");
            connection.Execute("INSERT INTO sites VALUES (1, 'shop.example'), (2, 'other.example')");
            connection.Execute("""
                INSERT INTO orders SELECT
                    1 + range % 2, DATE '2026-10-01', range, 0, 0, 1, 1, 6,
                    if(range < 10000, range::UBIGINT, 18446744073709551615), 1, 1, 0, 0
                FROM range(10001)
                """);
            connection.Execute("INSERT INTO removed_orders VALUES (2, DATE '2026-09-01', 7, 1, 0)");
        }
        using (var database = new HistoryDatabase(options))
        {
            var error = Assert.Throws<HistoryUnavailableException>(() => database.Open());
            Assert.Contains("start the server to convert it", error.Message, StringComparison.Ordinal);
            database.Open(TestKeyHashers.WithSecret(1));
        }
        using (var database = new HistoryDatabase(options))
        {
            // A second run changes nothing that is already converted.
            database.Open(TestKeyHashers.WithSecret(2));
            using var connection = database.Connect();
            Assert.True(connection.Scalar<bool>("SELECT converted_orders FROM progress"));
            var seven = TestKeyHashers.WithSecret(1).HashUnkeyedOrder("other.example"u8, 7);
            var last = TestKeyHashers.WithSecret(1).HashUnkeyedOrder("shop.example"u8, ulong.MaxValue);
            Assert.Equal(seven, connection.Scalar<ulong>("SELECT transaction FROM removed_orders"));
            const string Some = "SELECT transaction FROM orders WHERE position IN (0, 7, 10000) ORDER BY position";
            Assert.Equal([0UL, seven, last], connection.Query(Some).Select(row => row.GetFieldValue<ulong>(0)));
            Assert.Equal(10_001L, connection.Scalar<long>("SELECT count(DISTINCT transaction) FROM orders"));
        }
    }

    [Fact]
    public void Money_of_closed_months_is_added_up_in_a_file_that_had_none()
    {
        using var directory = new TemporaryDirectory();
        var options = Options.Create(new FootfallOptions { DataDirectory = directory });
        using (var database = new HistoryDatabase(options))
        {
            database.Open();
            using var connection = database.Connect();
            // As version 1 left it.
            foreach (var family in Rollup.Families) connection.Execute($"ALTER TABLE m_{family} DROP COLUMN grain");
            foreach (var table in (string[])["removed_days", "removed_orders"]) connection.Execute($"DROP TABLE {table}");
            foreach (var table in (string[])["hits", "items", "orders"]) connection.Execute($"ALTER TABLE {table} DROP COLUMN seq");
            connection.Execute("ALTER TABLE progress DROP COLUMN converted_orders");
            connection.Execute("UPDATE version SET version = 1");
            // The hits of the first day are deleted; bots of the second are left.
            foreach (var day in (string[])["2026-10-01", "2026-10-02"])
                connection.Execute($"INSERT INTO r_totals VALUES (1, 0, DATE '{day}', 0, -1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)");
            connection.Execute("INSERT INTO bots VALUES (1, DATE '2026-10-02', 1, 0, 0, 0, 1, 1, 0)");
            connection.Execute("INSERT INTO closed_months VALUES (1, DATE '2026-10-01'), (2, DATE '2026-09-01')");
            connection.Execute("""
                INSERT INTO m_items VALUES
                    (1, DATE '2026-10-01', 31, -1, 5, 7, 1.5, 0.25, 3, 1), (1, DATE '2026-10-31', 31, -1, 5, 7, 2.5, 0, 4, 2),
                    (1, DATE '2026-10-31', 31, -1, 5, 8, 9, 0, 1, 1),
                    (1, DATE '2026-11-01', 31, -1, 5, 7, 100, 0, 1, 1), (2, DATE '2026-10-02', 31, -1, 5, 7, 100, 0, 1, 1)
                """);
        }
        using (var database = new HistoryDatabase(options))
        {
            database.Open();
            database.Close();
            // Once more: what is new enough stays as it is.
            database.Open();
            using var connection = database.Connect();
            Assert.Equal(["1 2026-10-01"], connection.Query("SELECT concat_ws(' ', site, day) FROM removed_days")
                .Select(row => row.GetString(0)));
            Assert.Equal(5L, connection.Scalar<long>("SELECT count(*) FROM m_items WHERE grain = 0"));
            Assert.Equal(
                ["1 2026-10-01 31 -1 5 7: 4.000000 0.250000 7.000000 3", "1 2026-10-01 31 -1 5 8: 9.000000 0.000000 1.000000 1"],
                connection.Query(
                    "SELECT concat_ws(' ', site, day, dim, country, value, currency) || ': ' || concat_ws(' ', revenue, refunded, units, " +
                    "orders) FROM m_items WHERE grain = 1 ORDER BY currency")
                    .Select(row => row.GetString(0)));
        }
    }
}
