using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Dashboard.Live;
using Xunit;

namespace OsModa.Tests.Live;

public sealed class FollowingComponentTests : BunitContext
{
    private readonly Followed _followed = new();
    private readonly PageVisibility _visibility = new();

    public FollowingComponentTests()
    {
        Services.AddSingleton(_followed);
        Services.AddSingleton(_visibility);
        Services.AddSingleton(TimeProvider.System);
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    [Fact]
    public async Task A_component_that_was_left_before_it_knew_what_to_follow_follows_nothing()
    {
        _followed.Known = new TaskCompletionSource();
        var component = Render<Reader>();

        await DisposeComponentsAsync();
        await component.InvokeAsync(_followed.Known.SetResult);

        Assert.Equal(0, _followed.Listeners);
    }

    [Fact]
    public async Task What_is_left_ends_what_it_followed()
    {
        Render<Reader>();
        Assert.Equal(1, _followed.Listeners);

        await DisposeComponentsAsync();

        Assert.Equal(0, _followed.Listeners);
    }

    [Fact]
    public async Task A_hidden_tab_is_read_for_once_when_it_is_back()
    {
        var component = Render<Reader>();
        await component.InvokeAsync(() => _visibility.Hidden = true);

        for (var i = 0; i < 20; i++)
        {
            _followed.Raise();
        }

        Assert.Equal(1, component.Instance.Begun);
        await component.InvokeAsync(() => _visibility.Hidden = false);
        component.WaitForAssertion(() => Assert.Equal("read 2", component.Markup));
    }

    [Fact]
    public async Task An_older_answer_never_comes_last()
    {
        var component = Render<Reader>();
        var first = component.Instance.Answer = new TaskCompletionSource();
        _followed.Raise();
        await component.Instance.BegunAgain.Task;

        var more = component.InvokeAsync(component.Instance.MoreAsync);
        Assert.Equal(2, component.Instance.Begun);
        component.Instance.Answer = null;
        first.SetResult();
        await more;

        Assert.Equal(3, component.Instance.Begun);
        component.WaitForAssertion(() => Assert.Equal("read 3", component.Markup));
    }

    private sealed class Followed
    {
        private readonly List<Action> _raise = [];

        public TaskCompletionSource? Known { get; set; }

        public int Listeners => _raise.Count;

        public void Raise() => _raise.ForEach(static raise => raise());

        public IDisposable Add(Action raise)
        {
            _raise.Add(raise);
            return new Ending(() => _raise.Remove(raise));
        }

        private sealed class Ending(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }

    private sealed class Reader : FollowingComponent
    {
        private int _read;

        [Inject] public required Followed From { get; set; }

        public int Begun { get; private set; }

        public TaskCompletionSource BegunAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource? Answer { get; set; }

        public async Task MoreAsync()
        {
            await InTurnAsync(ReadAsync);
            StateHasChanged();
        }

        protected override async Task OnInitializedAsync()
        {
            await (From.Known?.Task ?? Task.CompletedTask);
            FollowReading(TimeSpan.Zero, ReadAsync, From.Add);
            await InTurnAsync(ReadAsync);
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"read {_read}");

        private async Task ReadAsync()
        {
            var number = ++Begun;
            if (number == 2)
            {
                BegunAgain.SetResult();
            }

            await (Answer?.Task ?? Task.CompletedTask);
            _read = number;
        }
    }
}
