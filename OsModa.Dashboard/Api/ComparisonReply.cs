using OsModa.Core.Comparison;

namespace OsModa.Dashboard.Api;

/// <summary>What programs are answered when two systems of one server are compared. See docs/api.md.</summary>
internal static class ComparisonReply
{
    /// <param name="server">Its name.</param>
    /// <param name="from">What the first system is called.</param>
    /// <param name="to">What the second is called.</param>
    /// <param name="difference">All that is different.</param>
    /// <param name="forecast">What a switch would do.</param>
    /// <param name="time">How long it is likely to take.</param>
    /// <param name="as">markdown for text, anything else for JSON.</param>
    public static IResult Of(string server, string from, string to, SystemDifference difference, Forecast forecast, SwitchTime? time, string? @as) => @as == "markdown"
        ? Results.Text(ComparisonText.Markdown(server, from, to, difference, forecast, time), "text/markdown; charset=utf-8")
        : Results.Json(ComparisonAnswer.Of(difference, forecast, time));

    /// <summary>Nothing could be compared.</summary>
    public static IResult Otherwise(CompareResult result) => result switch
    {
        CompareResult.Gone => Results.Problem("One of the two systems was collected as garbage on the server.", statusCode: StatusCodes.Status410Gone),
        CompareResult.Failed(var fault) => Results.Problem(fault.Detail, statusCode: StatusCodes.Status502BadGateway),
        _ => NotThere(),
    };

    public static IResult NotThere() => Results.Problem("Your organisation has no such server, or the server no such generation.", statusCode: StatusCodes.Status404NotFound);
}
