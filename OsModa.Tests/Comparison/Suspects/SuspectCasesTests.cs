using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class SuspectCasesTests
{
    public static TheoryData<string> Titles => [.. SuspectCase.All.Select(one => one.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void The_nearest_difference_comes_first_and_says_why(string title)
    {
        var one = SuspectCase.All.Single(one => one.Title == title);

        var found = Suspects.Find(one.Difference(), one.Unit);

        Assert.Equal(one.Wanted, found.Select(suspect => $"{suspect.Closeness} {suspect.Subject}: {suspect.Why}"));
    }

    [Fact]
    public void Each_row_that_a_suspect_leads_to_is_one_of_the_comparison()
    {
        foreach (var one in SuspectCase.All)
        {
            var difference = one.Difference();
            var rows = difference.Units.Select(unit => RowIds.Unit(unit.Unit))
                .Concat(difference.Packages.Changes.Select(change => RowIds.Package(change.Name)))
                .Concat(difference.Files.Select(file => RowIds.File(file.Path)))
                .Append(RowIds.Boot).ToHashSet();

            Assert.All(Suspects.Find(difference, one.Unit).Select(suspect => suspect.Row).OfType<string>(), row => Assert.Contains(row, rows));
        }
    }

    [Fact]
    public void The_texts_of_a_file_of_the_store_come_with_it()
    {
        var one = SuspectCase.All.Single(one => one.Title.StartsWith("A file of settings", StringComparison.Ordinal));

        var file = Suspects.Find(one.Difference(), one.Unit).Single(suspect => suspect.Subject == "nginx.conf");

        Assert.Contains("worker_processes 1;", file.Old, StringComparison.Ordinal);
        Assert.Contains("worker_processes 64;", file.New, StringComparison.Ordinal);
    }
}
