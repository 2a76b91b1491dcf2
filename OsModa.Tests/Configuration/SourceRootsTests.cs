using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class SourceRootsTests
{
    [Theory]
    [InlineData("/nix/store/0a-source/one.nix", "servers/web1/one.nix")]
    [InlineData("/tmp/osmoda-options.x/source/servers/web1/settings.json", "servers/web1/settings.json")]
    [InlineData("/nix/store/0a-source-2/one.nix", "/nix/store/0a-source-2/one.nix")]
    [InlineData("/nix/store/0a-source", "/nix/store/0a-source")]
    [InlineData("<unknown-file>", "<unknown-file>")]
    public void A_file_in_the_store_is_brought_back_to_the_one_it_was_copied_from(string told, string meant)
    {
        var roots = new SourceRoots();
        roots.Take(["root", "/nix/store/0a-source", "servers/web1"]);
        roots.Take(["root", "/tmp/osmoda-options.x/source", ""]);

        Assert.Equal(meant, roots.Of(told));
    }

    [Fact]
    public void A_root_that_makes_no_sense_is_passed_over()
    {
        var roots = new SourceRoots();
        roots.Take(["root", "", "servers"]);
        roots.Take(["root", "relative", "servers"]);
        roots.Take(["root", "/"]);
        roots.Take(["root", "/" + new string('a', 2_000), ""]);

        Assert.Equal("relative/x", roots.Of("relative/x"));
        Assert.Equal("/x", roots.Of("/x"));
    }

    [Fact]
    public void What_loses_stands_with_its_option_the_strongest_first_and_nothing_that_wins()
    {
        var path = OptionPath.Of("a");
        LostDefinition Of(string file, int priority) => new(path, new SourcePlace(file, null), priority, new NixInteger(priority));

        var here = LostDefinition.Among([new ValueHere(path, Setting.Plain, [], null)], [Of("three", Setting.Default), Of("one", Setting.Force), Of("same", Setting.Plain), Of("two", 500)]);

        Assert.Equal(["two", "three"], Assert.Single(here).Lost.Select(lost => lost.Place.File));
    }
}
